internal import ArgumentParser

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
