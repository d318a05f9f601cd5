import Basics
import Foundation
import Logging
import MembersProto
import Postgres
import RPC
import Synchronization

@testable import MembersService
@testable import ServiceKit

/// The whole service except its process: real PostgreSQL, real server and client, and a ledger to follow.
final class MembersUnderTest: Sendable {
  let client: MembersV1.MembersServiceClient
  let database: Database
  let ledgerServer: LedgerUnderTest
  /// The ledger to follow.
  var ledger: LedgerInMemory { ledgerServer.service }

  private let channel: Channel
  private let path: String
  private let arguments: [String]
  private let running = Mutex<Running?>(nil)

  private struct Running: Sendable {
    var kit: ServiceResources
    var server: Server
    var jobs: Task<Void, Never>
  }

  private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  private init(_ database: Database, arguments: [String]) throws {
    self.database = database
    ledgerServer = LedgerUnderTest()
    path = "/tmp/patron-members-\(UUID().text).sock"
    self.arguments = ["--loyalty-address", ledgerServer.address] + arguments
    channel = try Channel(target: "unix:\(path)")
    client = MembersV1.MembersServiceClient(channel)
  }

  /// Runs `body` beside the service. `arguments` are its command line flags.
  static func with(arguments: [String] = [], _ body: (MembersUnderTest) async throws -> Void) async throws {
    try await MembersDatabase.with { database in
      let members = try MembersUnderTest(database, arguments: arguments)
      do {
        try await members.ledgerServer.start()
        try await members.start()
        try await body(members)
        await members.end()
      } catch {
        await members.end()
        throw error
      }
    }
  }

  /// Restarts the service on the same database.
  func restart() async throws {
    await stop()
    try await start()
  }

  /// Returns the number of rows of a table.
  func count(of table: String) async throws -> Int64 {
    try await database.query("SELECT count(*) FROM \(identifier: table)")[0].decode(column: 0, as: Int64.self)
  }

  private func start() async throws {
    let settings = try await ServiceConfiguration<MembersSettings>(
      service: MembersService.name,
      arguments: arguments,
      environment: [:]
    ).settings
    guard let settings else { preconditionFailure("the arguments ask for something else than a service") }
    let kit = Self.resources(database)
    let parts = try await MembersService.assemble(kit, settings)
    let server = Server(
      configuration: ServerConfiguration(addresses: [.unix(path: path)]),
      services: parts.services,
      interceptors: [
        DeclaredReasonCheck(parts) { fatalError("\($0) failed for \($1), which its proto does not declare") },
        ErrorMappingInterceptor(domain: MembersReason.domain, logger: Self.logger),
      ],
      logger: Self.logger
    )
    try await server.start()
    let jobs = Task {
      await withTaskGroup(of: Void.self) { group in
        for job in parts.jobs { group.addTask { await job.run(logger: Self.logger) } }
      }
    }
    running.withLock { $0 = Running(kit: kit, server: server, jobs: jobs) }
  }

  /// The resources of a process, with short intervals.
  private static func resources(_ database: Database) -> ServiceResources {
    var events = EventLogSettings()
    events.announceInterval = .milliseconds(1)
    var consumer = EventConsumerSettings()
    consumer.backoffBase = .milliseconds(1)
    consumer.backoffMaximum = .milliseconds(20)
    consumer.lease = .milliseconds(200)
    return ServiceResources(
      service: MembersService.name,
      database: database,
      pages: PageTokens(key: Array(repeating: 7, count: PageTokenKey.byteCount)),
      metrics: PrometheusRegistry(),
      eventLogSettings: events,
      consumerSettings: consumer,
      logger: logger
    )
  }

  private func stop() async {
    let running = self.running.withLock { running in
      defer { running = nil }
      return running
    }
    running?.jobs.cancel()
    await running?.jobs.value
    await running?.server.shutdown(grace: .zero)
    await running?.kit.closeChannels()
  }

  private func end() async {
    await stop()
    await channel.close()
    await ledgerServer.stop()
    try? FileManager.default.removeItem(atPath: path)
  }
}
