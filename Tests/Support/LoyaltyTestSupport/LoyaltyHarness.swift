public import Basics
import CommonProto
public import Foundation
public import Logging
public import LoyaltyProto
public import LoyaltyService
public import Postgres
public import PostgresTestSupport
public import RPC
public import ServiceKit

/// A real loyalty service for one test: its own database, its own port, a client.
public struct LoyaltyHarness: Sendable {
  public let client: LoyaltyV1.LoyaltyServiceClient
  /// The service's database, for reading its tables.
  public let database: Database
  /// The channel to the service.
  public let channel: any ClientChannel
  /// The service's metrics.
  public let metrics: PrometheusRegistry
  public let ids = UUIDv7Generator()

  /// Runs a test with a fresh loyalty service and all of its jobs except those in `without`.
  public static func with<Result>(
    on cluster: TestCluster? = nil,
    clock: WallClock = .system,
    settings: LoyaltySettings = LoyaltySettings(),
    requestTimes: RequestTimeSettings = .forTesting(),
    without jobs: Set<String> = [],
    logger: Logger? = nil,
    _ body: (LoyaltyHarness) async throws -> Result
  ) async throws -> Result {
    try await TestDatabase.with(on: cluster, configure: { $0.session.searchPath = [LoyaltyService.name] }) { database in
      let kit = ServiceResources.forTesting(
        service: LoyaltyService.name,
        database: database,
        requestTimes: requestTimes,
        clock: clock,
        logger: logger
      )
      try await migrate(database, LoyaltyService.self)
      let all = try await LoyaltyService.assemble(kit, settings)
      precondition(jobs.isSubset(of: all.jobs.map(\.name)), "no such jobs: \(jobs)")
      let parts = ServiceParts(services: all.services, jobs: all.jobs.filter { !jobs.contains($0.name) })
      let outcome: Swift.Result<Result, any Error>
      do {
        outcome = .success(
          try await serving(parts, as: LoyaltyService.self) { channel in
            let client = LoyaltyV1.LoyaltyServiceClient(channel)
            return try await body(
              LoyaltyHarness(client: client, database: database, channel: channel, metrics: kit.metrics)
            )
          }
        )
      } catch { outcome = .failure(error) }
      await kit.closeChannels()
      return try outcome.get()
    }
  }

  /// Runs a test with a fresh loyalty service and a clock that the test sets. The machine's clock dates request IDs, so
  /// they may be years ahead. The test's own calls enter what is due, because the expiry job's first run may be between
  /// the test setting the clock and its next call. A test of the job runs it with `without: []`.
  public static func with<Result>(
    clock: TestClock,
    settings: LoyaltySettings = LoyaltySettings(),
    without jobs: Set<String> = ["ledger: expiry"],
    _ body: (LoyaltyHarness) async throws -> Result
  ) async throws -> Result {
    try await with(
      clock: clock.wall,
      settings: settings,
      requestTimes: .forTesting(aheadMaximum: .seconds(100 * 365 * 86_400)),
      without: jobs,
      body
    )
  }

  /// Opens an account, and optionally posts a receipt that earns points.
  public func openAccount(points: Int64 = 0) async throws -> UUID {
    let member = UUID()
    _ = try await client.openAccount(.init(requestID: ids.next().text, memberID: member.text))
    if points > 0 { _ = try await client.postOrder(.sample(member, points * 100)) }
    return member
  }

  /// Changes a part of the programme.
  public func changeProgramme(_ path: String, _ change: (inout LoyaltyV1.Programme) -> Void) async throws {
    var programme = try await client.getProgramme(.init()).programme ?? .init()
    change(&programme)
    _ = try await client.updateProgramme(
      .init(
        requestID: ids.next().text,
        programme: programme,
        updateMask: GoogleProtobuf.FieldMask(paths: [path])
      )
    )
  }

  /// Returns a member's balance.
  public func balance(of member: UUID) async throws -> LoyaltyV1.Balance {
    try await client.getBalance(.init(memberID: member.text)).balance ?? LoyaltyV1.Balance()
  }

  /// Returns a member's latest entries, at most 500.
  public func entries(of member: UUID) async throws -> [LoyaltyV1.Entry] {
    try await client.listEntries(.init(memberID: member.text, pageSize: 500)).entries
  }

  /// Returns the number of posted orders.
  public func orderCount() async throws -> Int64 {
    try await database.query("SELECT count(*) FROM orders")[0].decode(column: 0)
  }
}
