import CampaignsProto
import CampaignsService
import FeedbackProto
import FeedbackService
import Foundation
import Logging
import LoyaltyProto
import LoyaltyService
import MembersProto
import MembersService
import Postgres
import PostgresTestSupport
import RPC

@testable import GatewayService
@testable import ServiceKit

/// The four services behind the gateway in this process, on real sockets and a real PostgreSQL. All tests share them,
/// and each has a gateway of its own.
final class TestSuite: Sendable {
  /// The address of each service by its name.
  let addresses: [String: String]
  /// Connections to the services themselves.
  let members: MembersV1.MembersServiceClient
  let loyalty: LoyaltyV1.LoyaltyServiceClient
  let campaigns: CampaignsV1.CampaignsServiceClient
  let feedback: FeedbackV1.FeedbackServiceClient

  private let servers: [Server]

  private static let sharedSuite = Task { try await TestSuite() }

  /// Returns the shared suite, which the first call starts.
  static func shared() async throws -> TestSuite {
    try await sharedSuite.value
  }

  static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private init() async throws {
    var addresses: [String: String] = [:]
    var servers: [Server] = []
    func start<Service: PatronService>(
      _ service: Service.Type,
      _ arguments: [String],
      at path: String? = nil
    ) async throws {
      let (server, address) = try await Self.start(service, arguments, at: path)
      servers.append(server)
      addresses[Service.name] = address
    }
    // Members and loyalty follow each other, so each one's address is chosen before the other starts.
    let membersPath = "/tmp/patron-gateway-members-\(UUID().uuidString).sock"
    let toMembers = ["--members-address", "unix:\(membersPath)"]
    try await start(LoyaltyService.self, toMembers)
    let toLoyalty = ["--loyalty-address", addresses["loyalty"] ?? ""]
    try await start(MembersService.self, toLoyalty, at: membersPath)
    try await start(CampaignsService.self, toLoyalty + toMembers)
    try await start(FeedbackService.self, toMembers)
    self.addresses = addresses
    self.servers = servers
    members = MembersV1.MembersServiceClient(try Self.channel(addresses["members"]))
    loyalty = LoyaltyV1.LoyaltyServiceClient(try Self.channel(addresses["loyalty"]))
    campaigns = CampaignsV1.CampaignsServiceClient(try Self.channel(addresses["campaigns"]))
    feedback = FeedbackV1.FeedbackServiceClient(try Self.channel(addresses["feedback"]))
  }

  /// Makes a channel to an address.
  static func channel(_ address: String?) throws -> Channel {
    try Channel(target: address ?? "", logger: logger)
  }

  private static func start<Service: PatronService>(
    _ service: Service.Type,
    _ arguments: [String],
    at path: String?
  ) async throws -> (Server, address: String) {
    let database = try await TestDatabase.create().connect { configuration in
      configuration.session.searchPath = [Service.name]
    }
    if let migrations = Service.migrations {
      try await Migrator(database, schema: Service.name, directory: migrations, logger: logger).apply()
    }
    let kit = ServiceResources.forTesting(service: Service.name, database: database)
    let configuration = try await ServiceConfiguration<Service.Settings>(
      service: Service.name,
      arguments: arguments,
      environment: [:]
    )
    guard let settings = configuration.settings else { throw SuiteProblem(description: "wrong settings") }
    let parts = try await Service.assemble(kit, settings)
    for job in parts.jobs { Task { await job.run(logger: logger) } }
    return try await serve(Service.name, parts.services, at: path)
  }

  /// Serves on a free local port, as the service's process would, and on a socket if one is given.
  static func serve(
    _ name: String,
    _ services: [any RegistrableService],
    at path: String? = nil
  ) async throws -> (Server, address: String) {
    let addresses = [ListenAddress.tcp(host: "127.0.0.1", port: 0)] + (path.map { [.unix(path: $0)] } ?? [])
    let server = Server(
      configuration: ServerConfiguration(addresses: addresses, eventLoopThreads: 1),
      services: services,
      interceptors: StandardInterceptors.server(
        service: name,
        metrics: PrometheusRegistry(),
        drain: Drain(),
        reasonCheck: DeclaredReasonCheck(
          ServiceParts(services: services, reasons: name == "gateway" ? GatewayReason.ofEveryCall : [])
        ) { fatalError("\($0) failed for \($1), which its proto does not declare") },
        isAccessLogged: false,
        logger: logger
      ),
      logger: logger
    )
    let address = try await server.start().first
    return (server, address?.description ?? "")
  }
}

/// Why the suite cannot start.
struct SuiteProblem: Error, CustomStringConvertible {
  var description: String
}
