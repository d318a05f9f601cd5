import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Months that are over their retention")
struct ArchiveTests {
  private let november = PartitionedLedger.november

  private func archives(_ database: Database) async throws -> [String] {
    try await database.query(
      "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger_archive'::regclass ORDER BY 1"
    ).map { try $0.decode(column: 0) }
  }

  @Test("are taken out whole, and every sum over entries stays what it was, also when the archive is dropped")
  func archived() async throws {
    try await PartitionedLedger.with { ledger in
      let sums: SQL = "SELECT lane, account, balance::bigint FROM programme_account ORDER BY lane, account"
      try await ledger.partitioner().prepare()
      try await ledger.enter(40, dated: november, recorded: november)
      try await ledger.enter(10, dated: november + 31, recorded: november + 31)
      try await ledger.seal()
      let before = try await ledger.database.query(sums).decode(Int16.self, Int16.self, Int64.self)

      let later = ledger.partitioner(at: november + 100, retentionMonths: 3)
      try await later.prepare()
      try await later.archive()
      #expect(try await archives(ledger.database) == ["ledger_archive_2026_11"])
      #expect(try await ledger.partitions()["ledger_entry_2026_11"] == nil)
      #expect(try await ledger.partitions()["ledger_entry_2026_12"] == 10)
      let archived: Int64 = try await ledger.database.query("SELECT count(*) FROM ledger_archive")[0].decode(column: 0)
      let carried: Int64 = try await ledger.database.query("SELECT sum(entry_count)::bigint FROM ledger_carried")[0]
        .decode(column: 0)
      #expect(archived == 40)
      #expect(carried == 40)

      for isDropped in [false, true] {
        if isDropped { _ = try await ledger.database.execute("DROP TABLE ledger_archive_2026_11") }
        let after = try await ledger.database.query(sums).decode(Int16.self, Int16.self, Int64.self)
        #expect(after.map { "\($0)" } == before.map { "\($0)" })
        #expect(try await ledger.database.query("SELECT FROM account_mismatch").isEmpty)
      }
    }
  }

  @Test("leave the history of what is younger whole, also where a late request of theirs came in between")
  func history() async throws {
    try await PartitionedLedger.with { ledger in
      let december = november + 31
      try await ledger.partitioner().prepare()
      try await ProgrammeStore(database: ledger.database).createIfMissing(.first(currency: "CNY", now: .now))
      let member = UUID()
      var account = AccountRecord.new(at: november)
      var requests: [UUID] = []
      for (dated, recorded) in [
        (november, november), (december, december), (november, december + 1), (november + 1, december + 2),
        (december + 3, december + 3), (november + 2, december + 4), (december + 5, december + 5),
      ] {
        requests.append(try await ledger.earn(member, &account, dated: dated, recorded: recorded))
      }
      let accounts = AccountStore(database: ledger.database)
      func listed() async throws -> [UUID] {
        try await accounts.entries(of: member, EntryFilter(), limit: 100).map(\.row.requestID)
      }
      #expect(try await listed() == requests.reversed())

      try await ledger.seal()
      let later = ledger.partitioner(at: november + 100, retentionMonths: 3)
      try await later.prepare()
      try await later.archive()
      #expect(try await archives(ledger.database) == ["ledger_archive_2026_11"])
      #expect(try await listed() == [requests[6], requests[4], requests[1]])
    }
  }

  @Test("stay for ever unless a retention is set")
  func kept() async throws {
    try await PartitionedLedger.with { ledger in
      try await ledger.partitioner().prepare()
      try await ledger.enter(1, dated: november, recorded: november)
      try await ledger.seal()
      try await ledger.partitioner(at: november + 4_000).archive()
      try await ledger.partitioner(at: november + 70, retentionMonths: 3).archive()
      #expect(try await archives(ledger.database) == [])
    }
  }

  @Test("stay as long as they have entries that are not sealed")
  func open() async throws {
    try await PartitionedLedger.with { ledger in
      try await ledger.partitioner().prepare()
      try await ledger.enter(5, dated: november, recorded: november)
      let later = ledger.partitioner(at: november + 100, retentionMonths: 1)
      try await later.archive()
      #expect(try await ledger.partitions()["ledger_entry_2026_11"] == 5)
      try await ledger.seal()
      try await later.archive()
      #expect(
        try await archives(ledger.database)
          == ["ledger_archive_2026_11", "ledger_archive_2026_12", "ledger_archive_2027_01"]
      )
    }
  }

  @Test("are only ever added to by archiving", arguments: ["DELETE FROM", "TRUNCATE"])
  func appendOnly(command: String) async throws {
    try await PartitionedLedger.with { ledger in
      try await ledger.partitioner().prepare()
      try await ledger.enter(5, dated: november, recorded: november)
      try await ledger.seal()
      try await ledger.partitioner(at: november + 100, retentionMonths: 1).archive()
      for table in ["ledger_archive", "ledger_archive_2026_11", "ledger_carried", "ledger_carried_seal"] {
        let error = await #expect(throws: PostgresError.self) {
          try await ledger.database.execute(SQL(raw: "\(command) \(table)"))
        }
        #expect(error?.sqlState == SQLState(rawValue: "23001"), "\(table)")
      }
    }
  }

  @Test("are taken out while postings go on")
  func underWay() async throws {
    try await LoyaltyHarness.with { loyalty in
      let ledger = PartitionedLedger(database: loyalty.database)
      let now = Instant(.now)
      try await ledger.partitioner(at: now + -70).prepare()
      try await ledger.enter(20, dated: now + -70, recorded: now + -70)
      let member = try await loyalty.openAccount()
      try await ledger.seal()
      _ = try await atOnce(200) { index in
        if index == 100 { try await ledger.partitioner(at: now, retentionMonths: 1).archive() }
        _ = try await loyalty.client.postOrder(.sample(member, 100))
      }
      #expect(try await archives(loyalty.database).contains(LedgerMonth(now + -70).archive))
      #expect(try await loyalty.balance(of: member).points == 200)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("take no request any more: one that was done there is refused, not done again (M6)")
  func replays() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 10)
      let request = LoyaltyV1.PostOrderRequest.sample(member, 500)
      let answer = try await loyalty.client.postOrder(request)
      let ledger = PartitionedLedger(database: loyalty.database)
      try await ledger.seal()
      #expect(try await loyalty.client.postOrder(request) == answer)

      let later = ledger.partitioner(at: Instant(.now) + 100, retentionMonths: 1)
      try await later.prepare()
      try await later.archive()
      await expectReason("REQUEST_TOO_OLD") { try await loyalty.client.postOrder(request) }
      await expectReason("REQUEST_TOO_OLD") { try await loyalty.client.postOrder(.sample(member, 500)) }
      #expect(try await loyalty.balance(of: member).points == 15)
      #expect(try await loyalty.orderCount() == 2)
    }
  }
}
