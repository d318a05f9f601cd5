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
    try await TestDatabase.with(configure: { $0.session.searchPath = [LoyaltyService.name] }) { database in
      try await database.execute("CREATE SCHEMA loyalty")
      let folder = try #require(LoyaltyService.migrations)
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

  /// Two members with money of before: one with a gift that has a last day, one that has none, of which some was spent and
  /// some is held.
  private static let money = """
    INSERT INTO ledger_account (lane, member_id, asset, available, held, pending, lifetime_earned, lifetime_spent, version,
      opened_at, updated_at, lots, holds, latest_request, written_by)
    VALUES
      (1, '00000000-0000-4000-8000-000000000001', 3, 150, 0, 0, 0, 0, 1, 0, 0, '{20000,50,2147483647,100}', NULL, 5,
        '00000000-0000-7000-8000-000000000001'),
      (2, '00000000-0000-4000-8000-000000000002', 3, 120, 10, 0, 0, 20, 3, 0, 0, '{2147483647,120}',
        '{1,2,9000000000000000,2,20000,4,2147483647,6}', 5, '00000000-0000-7000-8000-000000000004'),
      (2, '00000000-0000-4000-8000-000000000002', 1, 7, 0, 0, 7, 0, 1, 0, 0, '{20000,7}', NULL, 5, NULL);
    INSERT INTO ledger_entry (lane, member_id, request_id, posting, entry_type, asset, from_account, to_account, amount,
      available, sequence, lots, digest)
    VALUES
      (1, '00000000-0000-4000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 0, 15, 3, 8, 1, 100, 100, 1,
        '{2147483647,100}', sha256('')),
      (1, '00000000-0000-4000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 1, 15, 3, 9, 1, 50, 150, 2,
        '{20000,50}', NULL),
      (2, '00000000-0000-4000-8000-000000000002', '00000000-0000-7000-8000-000000000002', 0, 15, 3, 8, 1, 100, 100, 1,
        '{2147483647,100}', sha256('')),
      (2, '00000000-0000-4000-8000-000000000002', '00000000-0000-7000-8000-000000000002', 1, 15, 3, 9, 1, 46, 146, 2,
        '{2147483647,46}', NULL),
      (2, '00000000-0000-4000-8000-000000000002', '00000000-0000-7000-8000-000000000002', 2, 15, 3, 9, 1, 4, 150, 3,
        '{20000,4}', NULL),
      (2, '00000000-0000-4000-8000-000000000002', '00000000-0000-7000-8000-000000000003', 0, 2, 3, 1, 3, 20, 130, 4,
        '{2147483647,20}', sha256('')),
      (2, '00000000-0000-4000-8000-000000000002', '00000000-0000-7000-8000-000000000004', 0, 9, 3, 1, 5, 10, 120, 5,
        '{20000,4,2147483647,6}', sha256(''));
    """

  @Test(
    "bonus of before becomes lots of its own, by entries, as far as it was not spent; all sums stay what they were (L11)"
  )
  func marksBonus() async throws {
    try await TestDatabase.with(configure: { $0.session.searchPath = [LoyaltyService.name] }) { database in
      try await database.execute("CREATE SCHEMA loyalty")
      let folder = try #require(LoyaltyService.migrations)
      let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "sql" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
      for file in files {
        if file.lastPathComponent.hasSuffix("_bonus.sql") {
          try await database.transaction { try await $0.executeScript(Self.money) }
        }
        let script = try String(contentsOf: file, encoding: .utf8)
        try await database.transaction { try await $0.executeScript(script) }
      }
      let accounts = try await database.query(
        "SELECT lots, coalesce(holds, '{}'), version FROM ledger_account ORDER BY member_id, asset"
      ).decode([Int64].self, [Int64].self, Int64.self)
      let bonus: (Int64) -> Int64 = { $0 - 4_294_967_296 }
      let never: Int64 = 2_147_483_647
      // Of the second member's gift without a last day 20 were spent and 6 are held: 46 - 26 are left.
      #expect(
        accounts.map(\.0) == [
          [bonus(20_000), 50, never, 100], [20_000, 7], [bonus(never), 20, never, 100],
        ]
      )
      #expect(accounts[2].1 == [1, 2, 9_000_000_000_000_000, 2, bonus(20_000), 4, never, 6])
      #expect(accounts.map(\.2) == [2, 1, 4])
      #expect(try await database.query("SELECT FROM account_mismatch WHERE asset = 3").isEmpty)
      let entries = try await database.query(
        """
        SELECT amount, available, lots, sequence <= last_sequence, follows IS NOT NULL FROM ledger_entry JOIN lane USING (lane)
        WHERE digest = sha256('bonus') OR follows IS NOT NULL ORDER BY lane, sequence
        """
      ).decode(Int64.self, Int64.self, [Int64].self, Bool.self, Bool.self)
      #expect(entries.map(\.0) == [50, 50, 20, 20])
      #expect(entries.map(\.1) == [100, 150, 100, 120])
      #expect(entries.map(\.2) == [[20_000, 50], [bonus(20_000), 50], [never, 20], [bonus(never), 20]])
      #expect(entries.allSatisfy { $0.3 && $0.4 })
      #expect(
        try await database.query(
          "SELECT FROM ledger_account WHERE asset = 3 AND written_by IN (SELECT request_id FROM ledger_entry WHERE follows IS NOT NULL)"
        ).count == 2
      )
    }
  }
}
