import Basics
import CampaignsProto
import CampaignsService
import Foundation
import Logging
import LoyaltyProto
import LoyaltyService
import MembersProto
import MembersService
import Postgres
import PostgresTestSupport
import RPC
import Synchronization

@testable import LedgerAudit
@testable import LocalSuite
@testable import ServiceKit

/// Loyalty, and members and campaigns that follow it: real servers and sockets, and one PostgreSQL database with a
/// schema for each. The test decides whether members and campaigns follow; they do not at first.
final class FollowedSuite: Sendable {
  let loyalty: LoyaltyV1.LoyaltyServiceClient
  let members: MembersV1.MembersServiceClient
  let campaigns: CampaignsV1.CampaignsServiceClient
  /// The connection of the audit.
  let database: Database
  let ids = UUIDv7Generator()

  private let followers: [String: Follower]

  private init(
    channels: [String: any ClientChannel],
    database: Database,
    followers: [String: Follower]
  ) throws {
    func channel(_ name: String) throws -> any ClientChannel {
      guard let channel = channels[name] else { throw SuiteError("\(name) is missing") }
      return channel
    }
    loyalty = LoyaltyV1.LoyaltyServiceClient(try channel("loyalty"))
    members = MembersV1.MembersServiceClient(try channel("members"))
    campaigns = CampaignsV1.CampaignsServiceClient(try channel("campaigns"))
    self.database = database
    self.followers = followers
  }

  /// Runs a test on a fresh suite.
  static func with(_ body: (FollowedSuite) async throws -> Void) async throws {
    let home = try await TestDatabase.create()
    let audited = Database(
      configuration: AuditDatabase.configuration(home.connectionString()),
      logger: logger
    )
    let parts = RunningParts()
    do {
      // Loyalty follows no members here. Calls open the accounts.
      let loyalty = try await parts.start(
        LoyaltyService.self,
        in: home,
        ["--members-address", "unix:/tmp/patron-no-members.sock"]
      )
      let toLoyalty = ["--loyalty-address", loyalty.address]
      let members = try await parts.start(MembersService.self, in: home, toLoyalty)
      let toMembers = ["--members-address", members.address]
      let campaigns = try await parts.start(CampaignsService.self, in: home, toLoyalty + toMembers)
      let suite = try FollowedSuite(
        channels: [
          "loyalty": loyalty.channel, "members": members.channel, "campaigns": campaigns.channel,
        ],
        database: audited,
        followers: ["members": members.follower, "campaigns": campaigns.follower]
      )
      try await body(suite)
      await suite.stall()
    } catch {
      await parts.stop()
      await audited.shutdown(grace: .zero)
      try? await home.drop()
      throw error
    }
    await parts.stop()
    await audited.shutdown(grace: .zero)
    try await home.drop()
  }

  /// Makes a new ID.
  func id() -> String { ids.next().text }

  /// Makes a service follow the ledger, both if none is named.
  func follow(_ service: String? = nil) {
    for (name, follower) in followers where service == nil || service == name { follower.start() }
  }

  /// Stops a service's following at once, both if none is named.
  func stall(_ service: String? = nil) async {
    for (name, follower) in followers where service == nil || service == name { await follower.stop() }
  }

  /// Makes a stopped service apply every event again.
  func forget(_ service: String) async throws {
    try await write("UPDATE \(service).event_cursor SET cursor = '' WHERE source = 'loyalty'")
  }

  /// Makes a service follow until it has applied everything, both if none is named.
  func catchUp(_ service: String? = nil) async throws {
    follow(service)
    for name in followers.keys where service == nil || service == name {
      let statement: SQL = """
        SELECT (SELECT cursor FROM \(identifier: name).event_cursor WHERE source = 'loyalty'), transaction_id, sequence
        FROM loyalty.event ORDER BY transaction_id DESC, sequence DESC LIMIT 1
        """
      while let row = try await database.query(statement).first {
        try Task.checkCancellation()
        let (cursor, transaction, sequence) = try row.decode(String?.self, Int64.self, Int64.self)
        if cursor == EventPosition(transactionID: transaction, sequence: sequence).cursor { break }
      }
    }
  }

  /// Audits the ledger and members' purchases.
  func audit() async throws -> AuditReport {
    try await LedgerAudit().run(on: database, terminal: nil)
  }

  /// Executes a script that no service would.
  func write(_ script: String) async throws {
    try await database.transaction { transaction in
      try await transaction.executeScript("SET TRANSACTION READ WRITE; \(script)")
    }
  }

  fileprivate static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// The job of a service that follows the ledger.
private final class Follower: Sendable {
  private let job: Job
  private let running = Mutex<Task<Void, Never>?>(nil)

  init(_ job: Job) {
    self.job = job
  }

  func start() {
    running.withLock { running in
      guard running == nil else { return }
      running = Task { [job] in await job.run(logger: FollowedSuite.logger) }
    }
  }

  func stop() async {
    let task = running.withLock { running in
      defer { running = nil }
      return running
    }
    task?.cancel()
    await task?.value
  }
}

/// The parts to stop at the end.
private final class RunningParts: Sendable {
  private struct State {
    var servers: [Server] = []
    var jobs: [Task<Void, Never>] = []
    var channels: [Channel] = []
    var databases: [Database] = []
  }

  private let state = Mutex(State())

  func start<Service: PatronService>(
    _ service: Service.Type,
    in home: TestDatabase,
    _ arguments: [String]
  ) async throws -> (address: String, channel: any ClientChannel, follower: Follower) {
    let logger = FollowedSuite.logger
    let database = home.connect { $0.session.searchPath = [Service.name] }
    state.withLock { $0.databases.append(database) }
    if let migrations = Service.migrations {
      try await Migrator(database, schema: Service.name, directory: migrations, logger: logger).apply()
    }
    let configuration = try await ServiceConfiguration<Service.Settings>(
      service: Service.name,
      arguments: arguments,
      environment: [:]
    )
    guard let settings = configuration.settings else { throw SuiteError("the settings of \(Service.name) are wrong") }
    let parts = try await Service.assemble(
      ServiceResources.forTesting(service: Service.name, database: database),
      settings
    )
    let server = Server(
      configuration: ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)], eventLoopThreads: 1),
      services: parts.services,
      interceptors: StandardInterceptors.server(
        service: Service.name,
        metrics: PrometheusRegistry(),
        reasonCheck: DeclaredReasonCheck(parts) {
          fatalError("\($0) failed for \($1), which its proto does not declare")
        },
        logger: logger
      ),
      logger: logger
    )
    let address = try await server.start().first?.description ?? ""
    let channel = try Channel(target: address, logger: logger)
    let following = parts.jobs.first { $0.name == "follow loyalty" }
    let others = parts.jobs.filter { $0.name != "follow loyalty" }.map { job in
      Task { await job.run(logger: logger) }
    }
    state.withLock { state in
      state.servers.append(server)
      state.channels.append(channel)
      state.jobs += others
    }
    return (address, channel, Follower(following ?? Job("follow nobody") {}))
  }

  func stop() async {
    let state = state.withLock { $0 }
    for job in state.jobs { job.cancel() }
    for job in state.jobs { await job.value }
    for channel in state.channels { await channel.close() }
    for server in state.servers.reversed() { await server.shutdown(grace: .zero) }
    for database in state.databases { await database.shutdown(grace: .zero) }
  }
}
