/// What an operator can choose about a suite on this machine.
struct SuiteOptions: Sendable {
  /// The folder for what belongs to the suite.
  var local = ".local"
  /// Where the services listen.
  var ports = SuitePorts()
  /// The services that are started.
  var services = SuitePorts.services
  /// Whether a part that dies is started again, with a loud word, instead of ending everything.
  var keepsGoing = false
  /// Where the lines of the processes go.
  var output = SuiteConsole.Destination.terminal
  /// Settings of the private PostgreSQL that differ from the usual ones.
  var postgresSettings: [String: String] = [:]
  /// Environment variables of the services that differ from the usual ones.
  var serviceSettings: [String: String] = [:]
}
