import Foundation

/// How the executable of a service is started.
struct ServiceCommand: Sendable {
  let ports: SuitePorts
  /// The folder of the executables: where this command is itself.
  let executables: String
  /// How the services log, unless the operator has set it.
  let logFormat: String
  /// The URL of a service's database.
  let databaseURL: @Sendable (String) -> String
  /// Environment variables that hold whatever the operator has set.
  var settings: [String: String] = [:]

  /// The command of `service`. Settings that the operator has put into our own environment hold, except those that
  /// tie the suite together.
  func command(_ service: String) -> Command {
    var environment = ProcessInfo.processInfo.environment
    environment["PATRON_DATABASE_URL"] = nil
    environment["PATRON_LOG_FORMAT"] = environment["PATRON_LOG_FORMAT"] ?? logFormat
    // The year that a suite on one machine replays is long over.
    for name in ["PATRON_REQUEST_SALE_AGE_MAXIMUM", "PATRON_REQUEST_RETENTION"] {
      environment[name] = environment[name] ?? "36500d"
    }
    for (name, value) in settings(of: service) { environment["PATRON_\(service.uppercased())_\(name)"] = value }
    environment.merge(settings) { $1 }
    return Command(executable: "\(executables)/\(service)", environment: environment)
  }

  /// The executables that are missing.
  func missing(of services: [String]) -> [String] {
    services.filter { !FileManager.default.isExecutableFile(atPath: "\(executables)/\($0)") }
  }

  private func settings(of service: String) -> [String: String] {
    var settings = [
      "LISTEN": ports.address(service),
      "ADMIN_LISTEN": "127.0.0.1:\(ports.admin(service))",
    ]
    let entry = ServiceCatalogue.entry(of: service)
    if entry.ownsDatabase { settings["DATABASE_URL"] = databaseURL(service) }
    for peer in entry.peers {
      settings["\(peer.uppercased())_ADDRESS"] = "ipv4:\(ports.address(peer))"
    }
    return settings
  }
}
