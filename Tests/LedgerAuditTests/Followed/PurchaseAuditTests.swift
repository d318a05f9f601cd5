import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import ServiceKit
import Testing

@testable import LedgerAudit

@Suite("The audit of members' purchases beside the ledger", .timeLimit(.minutes(3)))
struct PurchaseAuditTests {
  /// Makes sales that are kept, returned in part, returned as a whole in parts, returned before they are posted, and
  /// reversed.
  private func trade(_ suite: FollowedSuite) async throws {
    let member = UUID()
    _ = try await suite.loyalty.openAccount(.init(requestID: suite.id(), memberID: member.text))
    func back(_ sale: LoyaltyV1.PostOrderRequest, _ line: Int32, _ minorUnits: Int64?) async throws {
      let goods = LoyaltyV1.ReturnLine(line: line, amount: minorUnits.map { .cny($0) })
      _ = try await suite.loyalty.postReturn(
        LoyaltyV1.PostReturnRequest(
          requestID: suite.id(),
          memberID: member.text,
          key: .receipt(.init(storeID: sale.storeID, receiptNumber: sale.receiptNumber)),
          storeID: "store-2",
          lines: [goods],
          reason: "wrong size"
        )
      )
    }
    let sales = (0..<5).map { LoyaltyV1.PostOrderRequest.sample(member, 1_000 + $0, 2_000) }
    try await back(sales[3], 0, 10)
    for sale in sales { _ = try await suite.loyalty.postOrder(sale) }
    try await back(sales[1], 0, 333)
    try await back(sales[2], 0, 500)
    try await back(sales[2], 1, nil)
    try await back(sales[2], 0, nil)
    try await back(sales[4], 1, 1)
    _ = try await suite.loyalty.reverseOrder(.sample(of: sales[4].requestID))
  }

  private func names(_ report: AuditReport) -> [String] {
    report.broken.map { "\($0.rule.name): \($0.firstFinding ?? "")" }
  }

  @Test("is clean, however far members has followed the ledger, and reports how far that is")
  func clean() async throws {
    try await FollowedSuite.with { suite in
      try await trade(suite)
      var report = try await suite.audit()
      #expect(names(report) == [])
      #expect(report.purchases == .compared(purchases: 0, eventsUnderWay: 12))
      try await suite.catchUp()
      report = try await suite.audit()
      #expect(names(report) == [])
      #expect(report.purchases == .compared(purchases: 5, eventsUnderWay: 0))
      #expect(report.results.contains("RESULT audit.purchases=5"))
      #expect(report.outcomes.contains { $0.rule.name == "purchase.totals" })
      await suite.stall()
      try await trade(suite)
      #expect(names(try await suite.audit()) == [])
      try await suite.forget("members")
      report = try await suite.audit()
      #expect(names(report) == [])
      #expect(report.purchases == .compared(purchases: 5, eventsUnderWay: 24))
    }
  }

  /// A violation of each rule.
  private static let cases: [(rule: String, statement: String)] = [
    ("purchase.order", "DELETE FROM members.purchase WHERE reversed_at IS NOT NULL"),
    ("purchase.order", "UPDATE members.purchase SET paid_minor_units = paid_minor_units + 1"),
    ("purchase.order", "UPDATE members.purchase SET gross_minor_units = gross_minor_units + 1"),
    ("purchase.order", "UPDATE members.purchase SET purchased_at = purchased_at + interval '1 second'"),
    ("purchase.order", "UPDATE members.purchase SET member_id = gen_random_uuid()"),
    ("purchase.order", "UPDATE members.purchase SET receipt_number = 'another'"),
    ("purchase.order", "UPDATE members.purchase SET order_id = gen_random_uuid() WHERE is_returned"),
    ("purchase.returned", "UPDATE members.purchase SET returned_minor_units = 0"),
    ("purchase.returned", "UPDATE members.purchase SET returned_minor_units = 1 WHERE returned_minor_units = 0"),
    ("purchase.returned", "UPDATE members.purchase SET reversed_at = NULL"),
    ("purchase.returned", "UPDATE members.purchase SET reversed_at = now()"),
    ("purchase.lines", "UPDATE members.purchase_line SET amount_minor_units = amount_minor_units + 1"),
    ("purchase.lines", "UPDATE members.purchase_line SET returned_minor_units = 0"),
    ("purchase.lines", "DELETE FROM members.purchase_line WHERE line_number = 2"),
    ("purchase.totals", "UPDATE members.purchase_totals SET paid_minor_units = paid_minor_units + 1"),
    ("purchase.totals", "UPDATE members.purchase_totals SET refunded_minor_units = refunded_minor_units - 1"),
    ("purchase.totals", "UPDATE members.purchase_totals SET purchase_count = purchase_count + 1"),
    ("purchase.totals", "UPDATE members.purchase_totals SET returned_purchase_count = 0"),
    ("purchase.totals", "DELETE FROM members.purchase_totals"),
    (
      "purchase.events",
      """
      INSERT INTO members.event_set_aside (source, key, event_id, cursor, payload, reason)
      SELECT 'loyalty', key, event_id, '', payload, 'too large' FROM loyalty.event WHERE type = 'order_posted' LIMIT 1
      """
    ),
  ]

  @Test("names every rule that is broken by hand, with a row that breaks it")
  func broken() async throws {
    struct Undo: Error {}
    try await FollowedSuite.with { suite in
      try await trade(suite)
      try await suite.catchUp()
      await suite.stall()
      for (rule, statement) in Self.cases {
        var report: AuditReport?
        do {
          try await suite.database.transaction { transaction in
            try await transaction.executeScript("SET TRANSACTION READ WRITE; \(statement)")
            report = try await LedgerAudit().run(in: transaction, terminal: nil)
            throw Undo()
          }
        } catch is Undo {}
        #expect(report?.brokenRules.contains(rule) == true, "\(statement): \(report?.brokenRules ?? [])")
        #expect(report?.finding(rule)?.isEmpty == false)
      }
      #expect(Set(Self.cases.map { $0.rule }) == Set(AuditCheck.purchases.rules.map(\.name)), "every rule has a case")
    }
  }

  @Test("finds events that members skipped, as when its place in the ledger's log was moved by hand")
  func passedOver() async throws {
    try await FollowedSuite.with { suite in
      try await trade(suite)
      try await suite.catchUp()
      await suite.stall()
      try await trade(suite)
      try await suite.catchUp("campaigns")
      await suite.stall()
      #expect(names(try await suite.audit()) == [])
      try await suite.write(
        "UPDATE members.event_cursor SET cursor = (SELECT cursor FROM campaigns.event_cursor WHERE source = 'loyalty')"
      )
      let outcome = try #require(try await suite.audit().broken.first { $0.rule.name == "purchase.order" })
      #expect(outcome.brokenCount == 5)
      #expect(outcome.firstFinding?.hasSuffix("is no purchase") == true)
    }
  }

  @Test("says why purchases are not compared when they may not be read")
  func unreadable() async throws {
    try await FollowedSuite.with { suite in
      try await suite.write(
        """
        CREATE ROLE reader_of_loyalty;
        GRANT USAGE ON SCHEMA loyalty TO reader_of_loyalty;
        GRANT SELECT ON ALL TABLES IN SCHEMA loyalty TO reader_of_loyalty;
        """
      )
      struct Undo: Error {}
      var report: AuditReport?
      do {
        try await suite.database.transaction { transaction in
          try await transaction.execute("SET LOCAL ROLE reader_of_loyalty")
          report = try await LedgerAudit().run(in: transaction, terminal: nil)
          throw Undo()
        }
      } catch is Undo {}
      try await suite.write("DROP OWNED BY reader_of_loyalty; DROP ROLE reader_of_loyalty;")
      #expect(report?.purchases == .skipped("this role may not read the schema members"))
      #expect(report?.results.contains("RESULT audit.purchases=not_compared") == true)
      #expect(report?.outcomes.contains { $0.rule.name.hasPrefix("purchase.") } == false)
    }
  }
}
