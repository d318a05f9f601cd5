import Foundation

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

/// One process of a suite and how it is looked after.
struct SuitePart: Sendable {
  var name: String
  /// Parts of one stage start together and stop together, later stages first.
  var stage: Int
  var command: Command
  /// The signal that asks it to finish what it is doing and end.
  var stopSignal: Int32
  /// Whether it can do its work.
  var isReady: @Sendable () async -> Bool
  /// What is to be done before it counts as ready, such as making databases.
  var prepare: @Sendable () async throws -> Void = {}
}

/// Where the five services listen on this machine.
struct SuitePorts: Hashable, Sendable {
  /// The five services: those that own data, and the gateway before them.
  static let services = ["members", "loyalty", "campaigns", "feedback", "gateway"]

  /// The port of `gateway`; the others' follow from it.
  var base = 7400

  /// The port of a service's gRPC.
  func listen(_ service: String) -> Int {
    base + offset(service)
  }

  /// The port of a service's health, readiness and metrics over HTTP.
  func admin(_ service: String) -> Int {
    base + 90 + offset(service)
  }

  /// A service's gRPC address.
  func address(_ service: String) -> String {
    "127.0.0.1:\(listen(service))"
  }

  private func offset(_ service: String) -> Int {
    ["gateway", "members", "loyalty", "campaigns", "feedback"].firstIndex(of: service) ?? 0
  }
}

/// Why the suite can't be started or went down, in words for the operator.
struct SuiteError: Error, Hashable, CustomStringConvertible {
  /// What is wrong, and what to do about it.
  var description: String

  init(_ description: String) {
    self.description = description
  }

  /// A call of the operating system that failed.
  static func system(_ action: String, _ number: Int32) -> SuiteError {
    SuiteError("\(action) failed: \(String(cString: strerror(number)))")
  }
}
