import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The ledger's monthly partitions")
struct PartitionTests {
  private let november = PartitionedLedger.november

  @Test("are there before the first entry, which goes into the running month's")
  func atStart() async throws {
    try await LoyaltyHarness.with { loyalty in
      _ = try await loyalty.openAccount(points: 10)
      let months = try await PartitionStore(database: loyalty.database).months(in: loyalty.database)
      let running = LedgerMonth(Instant(.now))
      #expect(months.count == 4)
      #expect(months.contains(running))
      let names = try await loyalty.database.query("SELECT DISTINCT tableoid::regclass::text FROM ledger_entry")
      #expect(try names.map { try $0.decode(column: 0, as: String.self) } == [running.partition])
    }
  }

  @Test("are made as far ahead as is wanted, and once, by however many instances of the service")
  func ahead() async throws {
    try await PartitionedLedger.with { ledger in
      _ = try await atOnce(4) { _ in try await ledger.partitioner().prepare() }
      let names: Set = [
        "ledger_entry_2026_11", "ledger_entry_2026_12", "ledger_entry_2027_01", "ledger_entry_2027_02",
        "ledger_entry_default",
      ]
      #expect(Set(try await ledger.partitions().keys) == names)
      try await ledger.partitioner(at: november + 31).prepare()
      #expect(Set(try await ledger.partitions().keys) == names.union(["ledger_entry_2027_03"]))
    }
  }

  @Test("take the entries of a ledger that was there before them, and not one changes")
  func distribution() async throws {
    try await PartitionedLedger.with { ledger in
      try await ledger.enter(20, dated: november + -40, recorded: november + -40)
      try await ledger.enter(30, dated: november, recorded: november)
      try await ledger.enter(3, dated: november + -400, recorded: november)
      try await ledger.enter(2, dated: november + 400, recorded: november)
      try await ledger.seal()
      let before = try await ledger.fingerprint()
      try await ledger.partitioner().prepare()
      #expect(
        try await ledger.partitions() == [
          "ledger_entry_2026_10": 20, "ledger_entry_2026_11": 30, "ledger_entry_2026_12": 0,
          "ledger_entry_2027_01": 0, "ledger_entry_2027_02": 0, "ledger_entry_default": 5,
        ]
      )
      #expect(try await ledger.fingerprint() == before)
      #expect(try await ledger.database.query("SELECT FROM account_mismatch").isEmpty)
    }
  }

  @Test("are made up for when the service was stalled for longer than they were made ahead")
  func stoodStill() async throws {
    try await PartitionedLedger.with { ledger in
      try await ledger.partitioner().prepare()
      let later = november + 200
      try await ledger.enter(5, dated: later, recorded: later)
      #expect(try await ledger.partitions()["ledger_entry_default"] == 5)
      try await ledger.partitioner(at: later).prepare()
      let partitions = try await ledger.partitions()
      #expect(partitions["ledger_entry_default"] == 0)
      #expect(partitions["ledger_entry_2027_06"] == 5)
    }
  }

  @Test("are made while postings go on")
  func underWay() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let ledger = PartitionedLedger(database: loyalty.database)
      let now = Instant(.now)
      _ = try await atOnce(200) { index in
        if index % 20 == 0 { try await ledger.partitioner(at: now + Int64(index)).prepare() }
        _ = try await loyalty.client.postOrder(.sample(member, 100))
      }
      #expect(try await loyalty.balance(of: member).points == 200)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("are only ever added to, as the ledger is", arguments: ["DELETE FROM", "TRUNCATE"])
  func appendOnly(command: String) async throws {
    try await PartitionedLedger.with { ledger in
      try await ledger.partitioner().prepare()
      try await ledger.enter(1, dated: november, recorded: november)
      let error = await #expect(throws: PostgresError.self) {
        try await ledger.database.execute(SQL(raw: "\(command) ledger_entry_2026_11"))
      }
      #expect(error?.sqlState == SQLState(rawValue: "23001"))
    }
  }

  /// The plan by which a batch reads what was done before under its request ids.
  private func plan(_ requests: [LedgerRequest], in ledger: PartitionedLedger) async throws -> [String] {
    try await ledger.database.transaction { transaction in
      for setting in ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"] {
        _ = try await transaction.execute("SET LOCAL \(identifier: setting) = off")
      }
      let keys = requests.map { RequestKey(member: $0.member, requestID: $0.id) }
      let statement = EntryQuery(requests: keys).statement
      return try await transaction.query("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) \(statement)").map {
        try $0.decode(column: 0)
      }
    }
  }

  @Test("are each looked into by key, even if they were known to be empty when that was planned")
  func emptyPlan() async throws {
    try await PartitionedLedger.with { ledger in
      try await ledger.partitioner().prepare()
      _ = try await ledger.database.execute("VACUUM ANALYZE ledger_entry")
      let requests = (0..<300).map { _ in LedgerRequest(id: UUID(), digest: [], member: UUID(), command: .open) }
      let plan = try await plan(requests, in: ledger)
      let conditions = plan.filter { $0.contains("Index Cond") }
      #expect(conditions.count == 5, "\(plan.joined(separator: "\n"))")
      #expect(conditions.allSatisfy { $0.contains("request_id = ") }, "\(plan.joined(separator: "\n"))")
    }
  }

  @Test("are looked into only where a request's id says")
  func pruned() async throws {
    try await PartitionedLedger.with { ledger in
      try await ledger.partitioner().prepare()
      try await ledger.enter(50, dated: november, recorded: november)
      let (request, member) = try await ledger.database.query("SELECT request_id, member_id FROM ledger_entry")[0]
        .decode(UUID.self, UUID.self)
      let requests = [LedgerRequest(id: request, digest: [], member: member, command: .open)]
      let plan = try await plan(requests, in: ledger)
      let scans = plan.filter { $0.contains("Scan using") }
      #expect(scans.count == 5, "\(plan.joined(separator: "\n"))")
      #expect(scans.filter { !$0.contains("never executed") }.count == 1, "\(plan.joined(separator: "\n"))")
    }
  }
}
