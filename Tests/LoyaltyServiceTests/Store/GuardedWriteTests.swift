import Foundation
import LoyaltyTestSupport
import PatronAPI
import Postgres
import ServiceKit
import Synchronization
import Testing

@testable import LoyaltyService

@Suite("A write that comes too late is decided anew")
struct GuardedWriteTests {
  private func write(_ loyalty: LoyaltyHarness, _ member: UUID) -> GuardedWrite<AccountRow> {
    GuardedWrite(
      database: loyalty.database,
      lock: AccountStore.lock(member),
      read: "SELECT \(AccountRow.columns) FROM account WHERE member_id = \(member)",
      parse: { rows in
        guard let row = try AccountRow.read(rows) else { throw BrokenInvariant("no account") }
        return row
      }
    )
  }

  private func statement(_ member: UUID, _ row: AccountRow) -> SQL {
    "WITH \(row.account.update(of: member, if: LedgerVersions(account: row.version), now: .now)) SELECT 1 FROM changed"
  }

  @Test("M10 the account changed between reading and writing: the second decision sees the change")
  func decidesAnew() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let seen = Mutex<[Int64]>([])
      let answer = try await write(loyalty, member).run {
        row -> Decision<Int64, GuardedWrite<AccountRow>.Write<Int64>> in
        seen.withLock { $0.append(row.version) }
        // Only the first time: somebody else's write, as if it came between.
        let version = seen.withLock { $0.count } == 1 ? row.version - 1 : row.version
        var stale = row
        stale.version = version
        return .write((statement(member, stale), row.version))
      } conflict: { _ in
      }
      #expect(seen.withLock { $0 } == [answer, answer])
      #expect(
        try await loyalty.database.query("SELECT version FROM account")[0].decode(column: 0, as: Int64.self) == answer
          + 1
      )
    }
  }

  @Test("M2 what the decision throws is thrown, and nothing is written")
  func throwsRefusals() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      await #expect(throws: ReceiptTaken.self) {
        try await write(loyalty, member).run { _ -> Decision<Int, GuardedWrite<AccountRow>.Write<Int>> in
          throw ReceiptTaken(orderId: member)
        } conflict: { _ in
        }
      }
    }
  }

  @Test("M10 many writes of one row at once all get through, one after the other")
  func waitsInLine() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      _ = try await atOnce(30) { _ in
        try await write(loyalty, member).run { row -> Decision<Void, GuardedWrite<AccountRow>.Write<Void>> in
          .write((statement(member, row), ()))
        } conflict: { _ in
        }
      }
      #expect(
        try await loyalty.database.query("SELECT version FROM account")[0].decode(column: 0, as: Int64.self) == 31
      )
    }
  }
}
