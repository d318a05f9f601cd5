import Foundation
import LoyaltyTestSupport
import Postgres
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Every query of the ledger finds its rows by an index")
struct QueryPlanTests {
  /// The plan of a query, with sequential scans made so dear that one is left only where there is no index.
  private func plan(_ sql: SQL, _ loyalty: LoyaltyHarness) async throws -> String {
    try await loyalty.database.transaction { transaction in
      _ = try await transaction.execute("SET LOCAL enable_seqscan = off")
      let rows = try await transaction.query("EXPLAIN \(sql)")
      return try rows.map { try $0.decode(column: 0, as: String.self) }.joined(separator: "\n")
    }
  }

  @Test("posting, reversing and finding orders, whatever the tables hold")
  func orders() async throws {
    try await LoyaltyHarness.with { loyalty in
      let key = PostingKey(orderId: UUID(), memberId: UUID(), storeId: "s", receiptNumber: "r", reservationId: UUID())
      let receipt = OrderKey.receipt(storeId: "s", receiptNumber: "r")
      for sql in [
        PostingSnapshot.query(key), ReversalSnapshot.query(receipt, by: UUID()), ReversalSnapshot.lock(receipt),
        AccountStore.lock(UUID()),
      ] {
        let plan = try await plan(sql, loyalty)
        for table in ["account", "orders", "reversal", "reservation_outcome"] {
          #expect(!plan.contains("Seq Scan on \(table)"), "\(plan)")
        }
      }
    }
  }
}
