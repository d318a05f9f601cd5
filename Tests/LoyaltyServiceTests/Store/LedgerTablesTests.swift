import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("What the ledger's tables guarantee by themselves (M2)")
struct LedgerTablesTests {
  /// Runs a statement that the tables must refuse.
  private func expectRefused(
    _ loyalty: LoyaltyHarness,
    _ state: SQLState,
    _ sql: SQL,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    let error = await #expect(throws: PostgresError.self, sourceLocation: sourceLocation) {
      try await loyalty.database.execute(sql)
    }
    #expect(error?.sqlState == state, sourceLocation: sourceLocation)
  }

  @Test(
    "sums below zero are refused, whatever the service does (M2)",
    arguments: ["held", "pending", "lifetime_earned"]
  )
  func sums(column: String) async throws {
    try await LoyaltyHarness.with { loyalty in
      _ = try await loyalty.openAccount(points: 100)
      await expectRefused(loyalty, .checkViolation, "UPDATE ledger_account SET \(identifier: column) = -1")
    }
  }

  @Test(
    "what happened is never changed or removed (M17)",
    arguments: ["ledger_entry", "orders", "reversal", "reservation_outcome"]
  )
  func appendOnly(table: String) async throws {
    try await LoyaltyHarness.with { loyalty in
      _ = try await loyalty.openAccount(points: 100)
      let refused = SQLState(rawValue: "23001")
      await expectRefused(loyalty, refused, "DELETE FROM \(identifier: table)")
      await expectRefused(loyalty, refused, "TRUNCATE \(identifier: table) CASCADE")
    }
  }

  @Test("an entry between the wrong accounts is refused (M2)")
  func accounts() async throws {
    try await LoyaltyHarness.with { loyalty in
      _ = try await loyalty.openAccount(points: 100)
      await expectRefused(
        loyalty,
        .checkViolation,
        """
        INSERT INTO ledger_entry
        SELECT lane, member_id, request_id, posting + 1, entry_type, asset, 2, 3, amount, available, sequence FROM ledger_entry
        """
      )
    }
  }

  @Test(
    "the programme's accounts are the other side of the members': issued, redeemed and balances add up to zero (M2)"
  )
  func programmeAccounts() async throws {
    try await LoyaltyHarness.with { loyalty in
      for _ in 0..<5 {
        let member = try await loyalty.openAccount(points: 300)
        var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
        request.pointsToRedeem = 200
        _ = try await loyalty.client.postOrder(request)
      }
      let totals = try await loyalty.database.query(
        "SELECT account, sum(balance)::bigint FROM programme_account GROUP BY account ORDER BY account"
      ).decode(PostingAccount.self, Int64.self)
      #expect(totals.map(\.0) == [.issued, .redeemed])
      let balances: [Int64] = [-(5 * 308), 5 * 200]
      #expect(totals.map(\.1) == balances)
    }
  }

  @Test("the auditor's view names an account whose entries do not add up (M2)")
  func auditor() async throws {
    try await LoyaltyHarness.with { loyalty in
      _ = try await loyalty.openAccount(points: 100)
      #expect(try await loyalty.bookProblems() == [])
      _ = try await loyalty.database.execute(
        "UPDATE ledger_account SET available = 101, lots = ARRAY[2147483647, 101]"
      )
      let mismatches = try await loyalty.database.query(
        "SELECT balance_points, entry_points::bigint FROM account_mismatch"
      )
      let found: [[Int64]] = try mismatches.decode(Int64.self, Int64.self).map { [$0.0, $0.1] }
      #expect(found == [[101, 100]])
    }
  }

  @Test("a new account's row has bytes that its first update gives up, so that its page has room for later ones")
  func room() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let opened = try await loyalty.database.query("SELECT octet_length(room) FROM ledger_account")[0]
      #expect(try opened.decode(column: 0, as: Int32.self) == 64)
      _ = try await loyalty.client.postOrder(.sample(member, 1_000))
      let given = try await loyalty.database.query("SELECT room IS NULL FROM ledger_account")[0]
      #expect(try given.decode(column: 0, as: Bool.self))
    }
  }

  @Test("a member's rows are all in the member's lane")
  func lanes() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      let lanes = try await loyalty.database.query(
        "SELECT lane FROM ledger_account UNION SELECT lane FROM ledger_entry UNION SELECT lane FROM orders"
      )
      #expect(try lanes.map { try $0.decode(column: 0, as: Int16.self) } == [Lane(member: member).number])
    }
  }
}
