import Foundation
import LoyaltyTestSupport
import Postgres
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Every query of the ledger finds its rows by an index")
struct QueryPlanTests {
  /// The plan of a query as batches are planned: without knowing the values, and by an index wherever there is one.
  private func plan(_ sql: SQL, _ loyalty: LoyaltyHarness) async throws -> String {
    try await loyalty.database.transaction { transaction in
      for setting in ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"] {
        _ = try await transaction.execute("SET LOCAL \(identifier: setting) = off")
      }
      let rows = try await transaction.query("EXPLAIN \(sql)")
      return try rows.map { try $0.decode(column: 0, as: String.self) }.joined(separator: "\n")
    }
  }

  @Test("reading a batch, whatever the tables hold")
  func batches() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = UUID()
      let key = PostingKey(orderID: UUID(), memberID: member, storeID: "s", receiptNumber: "r", reservationID: UUID())
      let draft = OrderDraft(
        key: key,
        receipt: ReceiptDraft(lines: [], couponDiscounts: [], pointsToRedeem: 0),
        occurredAt: .now,
        original: SampleReceipt()
      )
      let requests = [
        LedgerRequest(id: UUID(), digest: [], member: member, command: .open),
        LedgerRequest(id: key.orderID, digest: [], member: member, command: .post(draft)),
      ]
      let reading = BatchReading(requests)
      let keys = requests.map { RequestKey(member: $0.member, requestID: $0.id) }
      let queries: [any BatchQuery] =
        reading.queries + [EntryQuery(requests: keys), OpenRequestQuery(), LapseQuery(orders: keys)]
      for sql in [ProgrammeQuery().statement] + queries.map(\.statement) {
        let plan = try await plan(sql, loyalty)
        for table in [
          "ledger_account", "ledger_entry", "ledger_closed_month", "orders", "reversal", "reservation_outcome",
          "order_return", "waiting_return", "ledger_passage",
        ] {
          #expect(!plan.contains("Seq Scan on \(table)"), "\(plan)")
        }
      }
    }
  }

  @Test("reading the ledger after a cursor, by sequence")
  func log() async throws {
    try await LoyaltyHarness.with { loyalty in
      let statement = LedgerLog.statement(after: .beginning, limit: 500)
      let rows = try await loyalty.database.pipeline([SequencePlanning.statement, "EXPLAIN (COSTS OFF) \(statement)"])[
        1
      ]
      let plan = try rows.map { try $0.decode(column: 0, as: String.self) }
      let scans = plan.filter { $0.contains(" on ledger_entry") }
      #expect(!scans.isEmpty)
      #expect(scans.allSatisfy { $0.contains("_sequence_lane_idx") }, "\(plan.joined(separator: "\n"))")
    }
  }
}
