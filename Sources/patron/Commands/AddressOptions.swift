import ArgumentParser
import LocalSuite
import TillSimulation

/// Where a running suite is.
struct AddressOptions: ParsableArguments {
  @Option(help: "The gateway's port of a suite on this machine; the services' ports follow from it.")
  var port = 7400

  @Option(help: "Where the gateway is: host:port, dns:///host:port or unix:/path.")
  var gateway: String?

  @Option(help: "Where members is.")
  var members: String?

  @Option(help: "Where loyalty is.")
  var loyalty: String?

  @Option(help: "Where campaigns is.")
  var campaigns: String?

  /// Connections to the suite.
  func clients() throws -> SuiteClients {
    let named = ["gateway": gateway, "members": members, "loyalty": loyalty, "campaigns": campaigns]
    let ports = SuitePorts(base: port)
    return try SuiteClients { service in (named[service] ?? nil) ?? ports.address(service) }
  }
}

/// Options of every command that runs a suite on this machine.
struct LocalOptions: ParsableArguments {
  @Option(help: "The folder for the private PostgreSQL, passwords and logs.")
  var local = ".local"

  @Option(
    help: "The port of the gateway. The services follow at +1 and up, all admin ports at +\(SuitePorts.adminOffset)."
  )
  var port = 7400

  @Flag(help: "Start a process that dies again, with a loud word, instead of stopping everything.")
  var keepGoing = false

  func validate() throws {
    guard (1...65_000).contains(port) else { throw ValidationError("--port must be from 1 to 65000.") }
  }

  /// The same for the suite itself.
  func suite(_ output: SuiteConsole.Destination) -> SuiteOptions {
    SuiteOptions(local: local, ports: SuitePorts(base: port), keepsGoing: keepGoing, output: output)
  }
}
