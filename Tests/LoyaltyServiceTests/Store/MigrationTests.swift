import Foundation
import LoyaltyTestSupport
import Postgres
import PostgresTestSupport
import Testing

@testable import LoyaltyService

@Suite("A ledger that was written before the batched one")
struct MigrationTests {
  /// A member who earned 500 points with one receipt, paid with 200 of them on a second one, which was taken back, and has
  /// one receipt that earned nothing.
  private static let before = """
    INSERT INTO account VALUES (7, '00000000-0000-4000-8000-000000000001', 500, 500, 0, 4, 5, now(), now());
    INSERT INTO orders
    SELECT ('00000000-0000-7000-8000-00000000001' || number)::uuid, 7, '00000000-0000-4000-8000-000000000001', 'store',
      number, sha256('a'), now(), now() + number * interval '1 second', 50000, 0, redeemed, 50000 - redeemed, redeemed,
      earned, balance, 'order'
    FROM (VALUES (1, 0, 500, 500), (2, 200, 0, 300), (3, 0, 0, 300)) AS receipt (number, redeemed, earned, balance);
    INSERT INTO reversal VALUES ('00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000012',
      sha256('b'), 'returned', 0, 200, 0, 500, now() + interval '9 seconds');
    INSERT INTO entry
    SELECT 7, '00000000-0000-4000-8000-000000000001', number, type, giver, taker, points, balance,
      ('00000000-0000-7000-8000-00000000001' || receipt)::uuid, ('00000000-0000-7000-8000-0000000000' || request)::uuid,
      now() + request * interval '1 second'
    FROM (VALUES (1, 1, 2, 1, 500, 500, 1, 11), (2, 2, 1, 3, 200, 300, 2, 12), (3, 4, 3, 1, 200, 500, 2, 21))
      AS old (number, type, giver, taker, points, balance, receipt, request);
    """

  @Test("keeps its accounts, its entries and its request ids, and adds up")
  func takesOver() async throws {
    try await TestDatabase.with(configure: { $0.session.searchPath = [Loyalty.name] }) { database in
      try await database.execute("CREATE SCHEMA loyalty")
      let folder = try #require(Loyalty.migrations)
      for name in ["0001_service_tables", "0002_ledger", "", "0003_batched_ledger"] {
        let script =
          name.isEmpty ? Self.before : try String(contentsOf: folder.appending(path: "\(name).sql"), encoding: .utf8)
        try await database.transaction { try await $0.executeScript(script) }
      }
      for name in [
        "0004_seal", "0005_assets_and_returns", "0006_partitions", "0007_latest_request", "0008_sequence_index",
        "0009_history",
      ] {
        let script = try String(contentsOf: folder.appending(path: "\(name).sql"), encoding: .utf8)
        try await database.transaction { try await $0.executeScript(script) }
      }
      let latestRequest = try await database.query("SELECT latest_request FROM ledger_account")[0].decode(Int64.self)
      #expect(UInt64(bitPattern: latestRequest) == 0x0000_0000_0000_7000)
      #expect(try await database.query("SELECT FROM account_mismatch").isEmpty)
      let account = try await database.query("SELECT available, version, lots FROM ledger_account")[0]
      let (available, version, lots) = try account.decode(Int64.self, Int64.self, [Int64].self)
      #expect(available == 500)
      #expect(version == 5)
      #expect(lots == [Int64(Int32.max), 500])
      let entries = try await database.query(
        "SELECT entry_type, amount, available, digest IS NOT NULL, reference FROM ledger_entry ORDER BY sequence"
      ).decode(Int16.self, Int64.self, Int64.self, Bool.self, UUID.self)
      #expect(entries.map(\.0) == [1, 2, 0, 4])
      #expect(entries.map(\.1) == [500, 200, 0, 200])
      #expect(entries.map(\.2) == [500, 300, 300, 500])
      #expect(entries.allSatisfy { $0.3 })
      let links = try await database.query("SELECT request_id, follows FROM ledger_entry ORDER BY sequence")
        .decode(UUID.self, UUID?.self)
      #expect(links.map(\.1) == [nil] + links.dropLast().map(\.0))
      let writer: UUID = try await database.query("SELECT written_by FROM ledger_account")[0].decode(column: 0)
      #expect(writer == links.last?.0)
      #expect(entries[3].4 == entries[1].4)
      #expect(
        try await database.query(
          "SELECT FROM lane WHERE lane = 7 AND last_sequence = (SELECT max(sequence) FROM ledger_entry)"
        ).count == 1
      )
    }
  }
}
