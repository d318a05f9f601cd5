import ArgumentParser
import LocalSuite
import TillSimulation

/// Where the services are that a load calls.
struct LoadAddressOptions: ParsableArguments {
  @Option(help: "The gateway's port of a suite on this machine; the services' ports follow from it.")
  var port = 7400

  @Option(help: "Where loyalty is, the points service: host:port, dns:///host:port or unix:/path.")
  var loyalty: String?

  @Option(help: "Where the gateway is.")
  var gateway: String?

  @Option(help: "Where campaigns is, which issues the coupons.")
  var campaigns: String?

  func validate() throws {
    guard (1...65_000).contains(port) else { throw ValidationError("--port must be from 1 to 65000.") }
  }

  /// Whether the load is put on the suite of this machine.
  var areLocal: Bool { loyalty == nil && gateway == nil }

  /// The address of a service by its name.
  func address(of service: String) -> String {
    let named = ["loyalty": loyalty, "gateway": gateway, "campaigns": campaigns]
    return (named[service] ?? nil) ?? SuitePorts(base: port).address(service)
  }

  /// Connections to the suite.
  func clients() throws -> SuiteClients {
    try SuiteClients(address: address(of:))
  }
}
