import Basics
import Foundation
import LoyaltyTestSupport
import Postgres
import SeededRandomness
import ServiceKit
import Testing

@testable import LedgerAudit
@testable import LocalSuite
@testable import LoyaltyService

@Suite("The audit of a ledger whose oldest month was archived (M17)", .serialized)
struct ArchivedLedgerTests {
  private static let day: Int64 = 86_400_000_000

  /// Runs a test on a ledger with entries of an archived month and of a later one, in which some held and pending
  /// points end.
  private func with(_ body: (AuditedLedger, LiabilityReport) async throws -> Void) async throws {
    let random = SeededRandom(seed: PropertySeed("an archived ledger is clean").value)
    try await AuditedLedger.with { ledger in
      try await ledger.fill(random)
      var story = LedgerStory(on: ledger.database, random: random)
      try await story.play(40)
      let now = WallClock.system.unixMicroseconds
      story.ids = UUIDv7Generator(clock: .fixed(unixMicroseconds: now + 32 * Self.day))
      try await story.play(40)
      try await Sealing.seal(ledger.database)
      let before = try await ledger.audit(chain: true)
      #expect(before.broken.map { "\($0.rule.name): \($0.firstFinding ?? "")" } == [], "\(random)")
      try await archive(ledger, at: now + 62 * Self.day)
      try await body(ledger, before.liability)
    }
  }

  private func archive(_ ledger: AuditedLedger, at now: Int64) async throws {
    var settings = LedgerPartitionSettings()
    settings.retentionMonths = 1
    let partitioner = LedgerPartitioner(
      database: ledger.database,
      settings: settings,
      clock: .fixed(unixMicroseconds: now)
    )
    try await partitioner.archive()
  }

  /// Drops the archived partitions, as an operator may.
  private func dropArchives(of ledger: AuditedLedger) async throws {
    let rows = try await ledger.database.query(
      "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger_archive'::regclass"
    )
    #expect(!rows.isEmpty)
    for name in try rows.map({ try $0.decode(column: 0, as: String.self) }) {
      _ = try await ledger.database.execute("DROP TABLE \(identifier: name)")
    }
  }

  @Test("reports clean while the archive is there, and proves every seal (M17)")
  func archived() async throws {
    try await with { ledger, liability in
      let report = try await ledger.audit(chain: true)
      #expect(report.broken.map { "\($0.rule.name): \($0.firstFinding ?? "")" } == [])
      #expect(report.sealsOfGoneEntries == 0)
      #expect(report.liability.lines == liability.lines)
    }
  }

  @Test("reports clean when the archive is gone, and how many seals it cannot prove by hash (M17)")
  func gone() async throws {
    try await with { ledger, liability in
      try await dropArchives(of: ledger)
      let report = try await ledger.audit(chain: true)
      #expect(report.broken.map { "\($0.rule.name): \($0.firstFinding ?? "")" } == [])
      #expect(report.sealsOfGoneEntries > 0)
      let (before, after) = (try #require(liability.assets.first), try #require(report.liability.assets.first))
      #expect(after.available == before.available)
      #expect(after.held == before.held)
      #expect(after.pending == before.pending)
      #expect(after.debt == before.debt)
      #expect(after.byMonth.map { "\($0)" } == before.byMonth.map { "\($0)" })
      await #expect(throws: SuiteError.self) { try await ledger.audit(asOf: 0) }
    }
  }

  @Test("finds an archived entry that was changed or removed (M17)")
  func changed() async throws {
    try await with { ledger, _ in
      for (change, rule) in [
        ("UPDATE ledger_archive SET amount = amount + 1 WHERE entry_type = 1;", "carried.sums"),
        ("DELETE FROM ledger_archive WHERE entry_type = 2;", "carried.seals"),
        ("UPDATE ledger_archive SET answer = 'x';", "chain.seal"),
      ] {
        let report = try #require(try await audit(ledger, after: change))
        #expect(report.brokenRules.contains(rule), "\(change)")
        #expect(report.finding(rule)?.isEmpty == false, "\(change)")
        #expect(report.brokenRules.contains("chain.seal"), "\(change)")
      }
    }
  }

  @Test("finds what was changed after the archive was dropped (M17)")
  func changedLater() async throws {
    try await with { ledger, _ in
      try await dropArchives(of: ledger)
      for (change, rule) in [
        ("UPDATE ledger_carried SET amount = amount + 1 WHERE to_account = 1;", "account.available"),
        ("UPDATE ledger_carried SET lots[2] = lots[2] + 1 WHERE cardinality(lots) > 0;", "lots.entries"),
        ("UPDATE ledger_account SET available = available + 1;", "account.available"),
        ("DELETE FROM ledger_carried WHERE from_account = 3;", "asset.zero"),
        ("DELETE FROM ledger_entry WHERE posting = 0;", "chain.seal"),
        ("DELETE FROM ledger_carried_seal;", "chain.seal"),
        ("UPDATE ledger_entry SET available = available + 1 WHERE amount > 0;", "entry.available"),
      ] {
        let report = try #require(try await audit(ledger, after: change))
        #expect(report.brokenRules.contains(rule), "\(change)")
      }
    }
  }

  /// Audits a ledger with a manual change, and undoes it.
  private func audit(_ ledger: AuditedLedger, after change: String) async throws -> AuditReport? {
    struct Undo: Error {}
    var report: AuditReport?
    do {
      try await ledger.database.transaction { transaction in
        try await transaction.executeScript(AuditedLedger.unprotect + change)
        report = try await LedgerAudit(checksChain: true).run(in: transaction, terminal: nil)
        throw Undo()
      }
    } catch is Undo {}
    return report
  }
}
