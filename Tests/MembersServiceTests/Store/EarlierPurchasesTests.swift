import Foundation
import Postgres
import PostgresTestSupport
import ServiceKit
import Testing

@testable import MembersService

@Suite("Purchases that were recorded before returns were followed")
struct EarlierPurchasesTests {
  /// Two receipts of two lines each, the second one reversed, and the totals as they were stored.
  private static let before = """
    INSERT INTO purchase VALUES
      ('00000000-0000-4000-8000-000000000001', '00000000-0000-7000-8000-000000000011', 'S1', '1', now(), 'CNY', 250, 2, 0, 2,
        NULL),
      ('00000000-0000-4000-8000-000000000001', '00000000-0000-7000-8000-000000000012', 'S1', '2', now(), 'CNY', 90, 0, 0, 2,
        now());
    INSERT INTO purchase_line
    SELECT member_id, order_id, number, 'P', '', '', 1000, 150 FROM purchase, generate_series(1, 2) AS number;
    INSERT INTO purchase_totals
    SELECT member_id, 'CNY', 1, 250, purchased_at FROM purchase WHERE reversed_at IS NULL;
    INSERT INTO event_cursor (source, cursor) VALUES ('loyalty', 'far');
    """

  @Test("keep their totals, and the ledger's events are applied again for their returns")
  func takesOver() async throws {
    try await TestDatabase.with(configure: { $0.session.searchPath = [MembersService.name] }) { database in
      try await database.execute("CREATE SCHEMA members")
      let folder = try #require(MembersService.migrations)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      let returns = try #require(names.firstIndex { $0.hasSuffix("_returns.sql") })
      for (index, name) in names.enumerated() {
        let script = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        try await database.transaction { try await $0.executeScript(index == returns ? Self.before + script : script) }
      }
      #expect(try await database.query("SELECT FROM purchase_totals_mismatch").isEmpty)
      let store = PurchaseStore(database: database, linesPerPage: PageBudget(maximum: 2_000))
      let member = try #require(UUID(uuidString: "00000000-0000-4000-8000-000000000001"))
      let totals = try #require(try await store.totals(ofMember: member))
      #expect((totals.purchaseCount, totals.returnedPurchaseCount) == (1, 1))
      #expect((totals.paidMinorUnits, totals.refundedMinorUnits, totals.spentMinorUnits) == (340, 90, 250))
      let purchases = try await store.page(ofMember: member, after: nil, size: 10).purchases
      #expect(purchases.map(\.grossMinorUnits) == [300, 300])
      let cursor: String = try await database.query("SELECT cursor FROM event_cursor")[0].decode(column: 0)
      #expect(cursor == "")
    }
  }
}
