import Foundation
import Postgres
import Testing

@testable import LedgerAudit

@Suite("The audit of a ledger that was changed by hand (M17)")
struct BrokenRuleTests {
  /// Undoes the changes of a case.
  private struct Undo: Error {}

  /// Makes a change of the first matching account.
  private static func account(_ change: String, where condition: String = "cardinality(lots) > 0") -> String {
    """
    UPDATE ledger_account SET \(change) WHERE (lane, member_id, asset) = (
      SELECT lane, member_id, asset FROM ledger_account WHERE \(condition) ORDER BY asset, lane, member_id LIMIT 1);
    """
  }

  /// Makes a change of the first matching entry.
  private static func entry(_ change: String, where condition: String) -> String {
    """
    UPDATE ledger_entry SET \(change) WHERE (lane, member_id, request_id, posting) = (
      SELECT lane, member_id, request_id, posting FROM ledger_entry WHERE \(condition)
      ORDER BY lane, sequence LIMIT 1);
    """
  }

  /// Closes the month whose partition contains the entries of a test.
  private static let runningMonthClosed = """
    INSERT INTO ledger_closed_month
    SELECT date_trunc('month', now() AT TIME ZONE 'UTC'), lpad('', 32, '0')::uuid, lpad('', 32, 'f')::uuid, 0;
    """

  /// A violation of each rule.
  private static let cases: [(rule: String, statements: String)] = [
    ("account.exists", "DELETE FROM ledger_account WHERE cardinality(lots) > 0;"),
    ("account.available", account("available = available + 1")),
    ("account.held", account("held = held + 1", where: "held > 0")),
    ("account.pending", account("pending = pending + 1", where: "pending > 0")),
    ("account.earned", account("lifetime_earned = lifetime_earned + 1")),
    ("account.spent", account("lifetime_spent = lifetime_spent + 1")),
    ("lots.order", account("lots = ARRAY[0::bigint, 0] || lots")),
    ("lots.order", account("lots = lots || lots[1:2], available = available + lots[2]")),
    ("lots.sum", account("lots[2] = lots[2] + 1")),
    ("lots.sum", account("available = available - 1")),
    ("holds.sum", account("holds[6] = holds[6] + 1", where: "held > 0")),
    ("holds.sum", account("holds = holds || 1::bigint", where: "held > 0")),
    ("pending.sum", account("pending_lots[3] = pending_lots[3] + 1", where: "pending > 0")),
    ("lots.entries", account("lots[1] = lots[1] - 1")),
    ("entry.amount", entry("amount = 0", where: "entry_type = 1")),
    ("entry.amount", entry("amount = -amount", where: "entry_type = 2")),
    ("entry.accounts", entry("from_account = 3", where: "entry_type = 1")),
    ("entry.accounts", entry("to_account = 77", where: "entry_type = 2")),
    ("entry.lots", entry("lots[2] = lots[2] + 1", where: "entry_type = 1 AND lots IS NOT NULL")),
    ("entry.asset", entry("asset = 77", where: "entry_type = 1")),
    ("entry.bonus", entry("lots[1] = lots[1] - 4294967296", where: "entry_type = 1 AND lots IS NOT NULL")),
    ("entry.bonus", entry("lots[1] = lots[1] - 4294967296", where: "entry_type = 15 AND from_account = 8")),
    ("entry.bonus", entry("to_account = 8", where: "entry_type = 2 AND lots[1] < -2147483648")),
    (
      "entry.bonus",
      entry("lots = lots || ARRAY[2147483647, 1]::bigint[]", where: "entry_type = 15 AND from_account = 9")
    ),
    ("entry.available", entry("available = available + 1", where: "entry_type = 1")),
    ("entry.available", entry("amount = amount + 1", where: "entry_type = 2")),
    ("entry.follows", entry("follows = NULL", where: "follows IS NOT NULL")),
    ("entry.follows", entry("follows = request_id", where: "posting = 1")),
    ("account.writer", account("written_by = gen_random_uuid()")),
    ("request.once", entry("posting = 1", where: "posting = 0")),
    ("request.once", "DELETE FROM ledger_entry WHERE posting = 1;"),
    ("request.once", "INSERT INTO ledger_entry SELECT * FROM ledger_entry WHERE posting = 0 LIMIT 1;"),
    ("request.digest", entry("digest = NULL", where: "posting = 0")),
    ("request.digest", entry("digest = '\\x01'", where: "posting = 0")),
    ("request.together", entry("sequence = sequence - 1000000", where: "posting = 1")),
    (
      "lane.unique",
      entry("sequence = sequence - 1", where: "posting = 1")
    ),
    ("lane.last", "UPDATE lane SET last_sequence = last_sequence - 1 WHERE last_sequence > 0;"),
    ("lane.last", "DELETE FROM lane;"),
    (
      "lane.member",
      "UPDATE ledger_account SET lane = (lane + 1) % 64; UPDATE ledger_entry SET lane = (lane + 1) % 64;"
    ),
    ("lane.member", "UPDATE orders SET lane = (lane + 1) % 64;"),
    ("asset.zero", account("available = available + 5, lots[2] = lots[2] + 5")),
    ("asset.transfers", "DELETE FROM ledger_entry WHERE entry_type = 14;"),
    ("order.entries", "UPDATE orders SET points_earned = points_earned + 1 WHERE points_earned = 250;"),
    ("order.entries", "UPDATE orders SET request_digest = sha256('');"),
    ("order.entries", "UPDATE orders SET balance_points = balance_points + 1;"),
    ("order.entries", "DELETE FROM ledger_entry WHERE request_id IN (SELECT order_id FROM orders);"),
    ("order.receipt", "UPDATE orders SET receipt_number = '1', store_id = '1';"),
    ("reversal.entries", "UPDATE reversal SET points_taken = points_taken + 1;"),
    ("reversal.order", "UPDATE reversal SET points_short = points_short + 1;"),
    ("reversal.order", "INSERT INTO reversal SELECT * FROM reversal;"),
    ("reversal.order", "UPDATE reversal SET order_id = gen_random_uuid();"),
    ("return.entries", "UPDATE order_return SET balance_points = balance_points + 1;"),
    ("return.entries", "DELETE FROM ledger_entry WHERE request_id IN (SELECT entry_request_id FROM order_return);"),
    ("return.order", "UPDATE order_return SET points_short = points_short + 1;"),
    ("return.order", "UPDATE order_return SET points_returned = points_returned + 1;"),
    ("return.money", "UPDATE order_return SET refunded_minor_units = refunded_minor_units - 1;"),
    ("return.money", "UPDATE order_return SET left_minor_units = left_minor_units + 1;"),
    ("return.money", "UPDATE reversal SET refunded_minor_units = refunded_minor_units + 1;"),
    ("return.waiting", "UPDATE waiting_return SET receipt_number = '1';"),
    ("adjustment.entries", "DELETE FROM adjustment;"),
    ("adjustment.entries", "UPDATE adjustment SET amount = amount + 1;"),
    ("event.once", "DELETE FROM event WHERE type = 'order_returned';"),
    ("entry.order", entry("reference = gen_random_uuid()", where: "entry_type = 1 AND reference IS NOT NULL")),
    ("entry.order", "DELETE FROM orders WHERE points_earned = 250;"),
    ("reservation.order", "UPDATE reservation_outcome SET order_id = gen_random_uuid();"),
    ("event.once", "DELETE FROM event WHERE type = 'order_posted';"),
    ("event.once", "DELETE FROM event WHERE type = 'order_reversed';"),
    (
      "event.once",
      """
      INSERT INTO event (event_id, type, key, payload)
      SELECT event_id, type, key, payload FROM event WHERE type = 'order_posted' LIMIT 1;
      """
    ),
    ("event.order", "DELETE FROM orders WHERE points_earned = 250;"),
    ("event.order", "DELETE FROM reversal;"),
    (
      "carried.sums",
      runningMonthClosed + "INSERT INTO ledger_carried "
        + "SELECT month, 0, gen_random_uuid(), 1, 1, 2, 1, NULL, 5, '{}', 1, 1 FROM ledger_closed_month;"
    ),
    (
      "carried.seals",
      runningMonthClosed + "INSERT INTO ledger_carried_seal SELECT 0, 1, month, 5 FROM ledger_closed_month;"
    ),
    ("liability.lots", entry("lots[2] = lots[2] - 1", where: "entry_type = 1 AND lots[2] > 1 AND from_account = 2")),
  ]

  @Test("every rule that is broken by hand is named, with a row that breaks it, and the verdict is not clean (M17)")
  func everyRule() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      let clean = try await ledger.audit()
      #expect(clean.brokenRules == [])
      for (rule, statements) in Self.cases {
        var report: AuditReport?
        do {
          try await ledger.database.transaction { transaction in
            try await transaction.executeScript(AuditedLedger.unprotect + statements)
            report = try await LedgerAudit().run(in: transaction, terminal: nil)
            throw Undo()
          }
        } catch is Undo {
        } catch {
          Issue.record(error, "\(rule): \(statements)")
        }
        #expect(report?.brokenRules.contains(rule) == true, "\(rule): \(statements)")
        #expect(report?.finding(rule)?.isEmpty == false, "\(rule): \(statements)")
        #expect(report?.verdict.hasSuffix("broken") == true)
      }
      #expect(Set(Self.cases.map { $0.rule }) == Set(clean.outcomes.map(\.rule.name)), "every rule has a case")
      #expect(try await ledger.audit().brokenRules == [])
    }
  }

  @Test("the first row is named: its lane, member and request, in the order of sequences (M17)")
  func firstRow() async throws {
    try await AuditedLedger.with { ledger in
      let member = try await ledger.open()
      let first = try await ledger.post(member, points: 10)
      try await ledger.post(member, points: 20)
      try await ledger.tamper("UPDATE ledger_entry SET available = available + 1 WHERE entry_type = 1;")
      let outcome = try #require(try await ledger.audit().broken.first { $0.rule.name == "entry.available" })
      #expect(outcome.brokenCount == 1)
      #expect(outcome.firstFinding?.contains("request \(first)") == true)
      #expect(outcome.firstFinding?.contains("member \(member.uuidString.lowercased())") == true)
      #expect(outcome.firstFinding?.hasPrefix("lane ") == true)
    }
  }

  @Test("a rule that cannot be checked is named with why; the others are decided, and the verdict is not clean")
  func undecided() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      try await ledger.tamper(
        "DROP TABLE reservation_outcome; UPDATE ledger_entry SET available = available + 1 WHERE entry_type = 1;"
      )
      let report = try await ledger.audit(chain: true)
      #expect(Set(report.undecided.map(\.rule.name)) == Set(AuditCheck.orders.rules.map(\.name)))
      #expect(report.brokenRules.contains("entry.available"))
      #expect(report.outcomes.contains { $0.rule.name == "asset.zero" && $0.holds })
      #expect(!report.isClean)
      let count = AuditCheck.orders.rules.count
      #expect(report.verdict.contains("\(count) rules could not be checked: order.entries, "))
      #expect(report.findings.contains { $0.hasPrefix("order.entries: could not be checked: ") })
      #expect(report.results.contains("RESULT audit.rules_undecided=\(count)"))
    }
  }

  @Test("sums that numbers of 64 bits do not take are added up all the same")
  func largeSums() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.tamper(
        "UPDATE programme SET earn_points = 1000000, earn_per_minor_units = 1, version = version + 1;"
      )
      for _ in 0..<2 {
        let member = try await ledger.open()
        for _ in 0..<9 { try await ledger.post(member, points: 10_000_000_000) }
      }
      let report = try await ledger.audit()
      #expect(report.findings == [])
      let outstanding: Int128 = 18_000_000_000_000_000_000
      #expect(report.liability.assets.first?.outstanding == outstanding)
      #expect(report.liability.lines.first == "points: 18,000,000,000,000,000,000 outstanding")
      let json = String(decoding: try report.json(), as: UTF8.self)
      #expect(json.contains("\"available\" : 18000000000000000000"))
    }
  }

  @Test("events that were removed because they were old are not missed")
  func oldEvents() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      try await ledger.tamper(
        "INSERT INTO event_horizon SELECT 1, max(transaction_id), 0 FROM event; DELETE FROM event;"
      )
      #expect(try await ledger.audit().brokenRules == [])
    }
  }
}
