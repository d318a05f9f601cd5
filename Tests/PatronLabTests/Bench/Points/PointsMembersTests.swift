import Basics
import LoyaltyProto
import LoyaltyService
import LoyaltyTestSupport
import Postgres
import PostgresTestSupport
import ServiceKit
import Testing

@testable import LedgerAudit
@testable import patron_lab

@Suite("The members of the points benchmark")
struct PointsMembersTests {
  @Test("are in a ledger as the service would have written it")
  func clean() async throws {
    try await withLedger { client, database in
      let members = PointsMembers(count: 100)
      try await members.fill(database) { _ in }
      #expect(try await audit(database).findings == [])
      #expect(try await points(of: members, client) == PointsMembers.openingPoints)
    }
  }

  @Test("have a lot that is gone once its last day is over, if they are given one")
  func expiring() async throws {
    try await withLedger { client, database in
      let members = PointsMembers(count: 100, lastDay: 20_000)
      try await members.fill(database) { _ in }
      let entries = try await database.query(
        "SELECT count(*) FROM ledger_entry WHERE lots = ARRAY[20000, 100000, 2147483647, 100000]::bigint[]"
      )
      #expect(try entries[0].decode(column: 0, as: Int64.self) == 100)
      #expect(try await audit(database).findings == [])
      // That day was in 2024.
      #expect(try await points(of: members, client) == PointsMembers.openingPoints)
    }
  }

  /// Runs a test on a ledger that a real service keeps. It seals nothing by itself.
  private func withLedger(
    _ body: (LoyaltyV1.LoyaltyServiceClient, Database) async throws -> Void
  ) async throws {
    try await TestDatabase.with(configure: { $0.session.searchPath = [LoyaltyService.name] }) { database in
      try await migrate(database, LoyaltyService.self)
      var settings = LoyaltySettings()
      settings.seals.interval = .seconds(86_400)
      let parts = try await LoyaltyService.assemble(
        .forTesting(service: LoyaltyService.name, database: database),
        settings
      )
      try await serving(parts, as: LoyaltyService.self) { channel in
        try await body(LoyaltyV1.LoyaltyServiceClient(channel), database)
      }
    }
  }

  private func audit(_ database: Database) async throws -> AuditReport {
    try await LedgerAudit().run(on: database, terminal: nil)
  }

  private func points(of members: PointsMembers, _ client: LoyaltyV1.LoyaltyServiceClient) async throws -> Int64? {
    try await client.getBalance(.init(memberID: members.id(7).text)).balance?.points
  }
}
