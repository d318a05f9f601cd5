import Basics
import Foundation
import Logging

/// The suite on this machine: PostgreSQL, if it is ours, and the services.
package struct LocalSuite: Sendable {
  let options: SuiteOptions
  package let console: SuiteConsole
  package let local: LocalDirectory
  /// Where the suite's data is.
  package let roles: ServiceRoles
  private let cluster: PrivateCluster?

  /// Takes hold of the local folder, cleans up after a supervisor that was killed, and makes the private PostgreSQL's
  /// data folder if there is none.
  package init(_ options: SuiteOptions, terminal: Terminal) async throws {
    self.options = options
    local = try LocalDirectory(options.local)
    console = SuiteConsole(options.output, terminal: terminal, local: local)
    for part in try await Leftovers(in: local).clean(grace: Suite.grace) {
      console.say("Ended \(part), which an earlier run had left behind.")
    }
    let passwords = try Passwords(in: local, roles: ServiceCatalogue.databaseOwners + [PrivateCluster.owner])
    if let url = ProcessInfo.processInfo.environment["PATRON_DATABASE_URL"], !url.isEmpty {
      cluster = nil
      roles = ServiceRoles(server: try ServerAccess(url: url), passwords: passwords, logger: .silent)
    } else {
      let cluster = try PrivateCluster(in: local, passwords: passwords, settings: options.postgresSettings)
      self.cluster = cluster
      roles = ServiceRoles(server: cluster.server, passwords: passwords, logger: .silent)
      if try await cluster.create() { console.say("Made a private PostgreSQL in \(cluster.data).") }
    }
  }

  /// PostgreSQL and the services, ready to be started.
  func everything() async throws -> Suite {
    let services = ServiceCommand(
      ports: options.ports,
      executables: Self.executables,
      logFormat: options.output == .terminal ? "human" : "json",
      databaseURL: { [roles] in roles.url(of: $0) },
      settings: options.serviceSettings
    )
    let missing = services.missing(of: options.services)
    guard missing.isEmpty else {
      throw SuiteError(
        "\(Self.executables) lacks \(missing.joined(separator: ", ")). `make build` makes them."
      )
    }
    return suite(try await database() + options.services.map { part($0, services.command($0)) })
  }

  /// PostgreSQL alone.
  package func databaseOnly() async throws -> Suite {
    suite(try await database())
  }

  /// Where everything is, for the operator.
  package var addresses: [String] {
    let services = options.services.map { service in
      let name = service + String(repeating: " ", count: 10 - service.count)
      return "\(name) \(options.ports.address(service))   http://127.0.0.1:\(options.ports.admin(service))/metrics"
    }
    let database = cluster.map { "postgres   \($0.sockets) (passwords in \(local.path(of: "passwords")))" }
    return services + [database ?? "postgres   \(roles.server.address.host):\(roles.server.address.port)"]
  }

  /// The folder of this command's own executable, and of the services'.
  package static var executables: String {
    ((LinuxProcess.current.executable ?? CommandLine.arguments[0]) as NSString).deletingLastPathComponent
  }

  private func suite(_ parts: [SuitePart]) -> Suite {
    Suite(parts: parts, local: local, console: console, keepsGoing: options.keepsGoing)
  }

  /// The private PostgreSQL; nothing where another server is used, which is prepared at once.
  private func database() async throws -> [SuitePart] {
    guard let cluster else {
      try await roles.prepare(isPrivate: false)
      return []
    }
    let part = SuitePart(
      name: "postgres",
      stage: 0,
      command: cluster.command,
      stopSignal: SIGINT,
      isReady: cluster.answers,
      prepare: { [roles] in try await roles.prepare(isPrivate: true) }
    )
    return [part]
  }

  private func part(_ service: String, _ command: Command) -> SuitePart {
    SuitePart(
      name: service,
      stage: ServiceCatalogue.entry(of: service).startStage,
      command: command,
      stopSignal: SIGTERM,
      isReady: ReadinessProbe(port: options.ports.admin(service)).isReady
    )
  }
}
