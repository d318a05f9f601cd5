import Basics
import Foundation
import LoyaltyTestSupport
import Postgres
import PostgresTestSupport
import ServiceKit

@testable import LoyaltyService

/// A ledger whose tables are there and whose partitions are not made yet, at a time that a test decides.
struct PartitionedLedger: Sendable {
  let database: Database

  /// 2026-11-22T12:00:00Z
  static let november = Instant(rawValue: 1_795_348_800_000_000)

  static func with(_ body: (PartitionedLedger) async throws -> Void) async throws {
    try await TestDatabase.with(configure: { $0.session.searchPath = [LoyaltyService.name] }) { database in
      try await migrate(database, LoyaltyService.self)
      try await body(PartitionedLedger(database: database))
    }
  }

  func partitioner(at now: Instant = november, retentionMonths: Int = 0) -> LedgerPartitioner {
    var settings = LedgerPartitionSettings()
    settings.retentionMonths = retentionMonths
    return LedgerPartitioner(
      database: database,
      settings: settings,
      clock: .fixed(unixMicroseconds: now.rawValue)
    )
  }

  /// The partitions, each with how many entries it has.
  func partitions() async throws -> [String: Int64] {
    let names = try await database.query(
      "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger_entry'::regclass"
    )
    var counts: [String: Int64] = [:]
    for name in try names.map({ try $0.decode(column: 0, as: String.self) }) {
      counts[name] = try await database.query("SELECT count(*) FROM \(identifier: name)")[0].decode(column: 0)
    }
    return counts
  }

  /// All that the entries are, as one hash.
  func fingerprint() async throws -> String {
    try await database.query(
      """
      SELECT encode(sha256(string_agg(record_send(entry), ''::bytea ORDER BY lane, sequence, member_id)), 'hex')
      FROM ledger_entry AS entry
      """
    )[0].decode(column: 0)
  }

  /// Gives `count` members a point each, under ids of a date, recorded at another.
  func enter(_ count: Int, dated: Instant, recorded: Instant) async throws {
    let ids = UUIDv7Generator(clock: .fixed(unixMicroseconds: dated.rawValue))
    let store = LedgerStore(database: database)
    var changes = BookChanges()
    for _ in 0..<count {
      let member = UUID()
      let id = ids.next()
      var record = AccountRecord.new(at: recorded)
      record.writtenBy = id
      let postings = try record.holding.earn(1, expiresOn: .never, from: .issued)
      var request = RecordedRequest(digest: Array(repeating: 7, count: 32), entries: [], answer: nil)
      for posting in postings {
        let sequence = changes.nextSequence(in: Lane(member: member))
        request.entries.append(.init(asset: .points, posting: posting, sequence: sequence))
      }
      changes.touch(AccountKey(member: member, asset: .points), record)
      changes.add(NewRequest(id: id, member: member, reference: nil, recorded: request))
    }
    try await ProgrammeStore(database: database).createIfMissing(.first(currency: "CNY", now: .now))
    _ = try await store.write(changes, programmeVersion: 1, now: recorded)
  }

  /// Gives a member a point under an id of a date, recorded at another.
  ///
  /// - Parameter account: The member's account as it is before; set to what it is after.
  /// - Returns: The request's id.
  func earn(_ member: UUID, _ account: inout AccountRecord, dated: Instant, recorded: Instant) async throws -> UUID {
    let id = UUIDv7Generator(clock: .fixed(unixMicroseconds: dated.rawValue)).next()
    var books = Books(
      BookSnapshot(
        programme: .first(currency: "CNY", now: .now),
        accounts: [AccountKey(member: member, asset: .points): account]
      ),
      at: LedgerTime(now: recorded, today: Day(rawValue: Int32(recorded.rawValue / 86_400_000_000)))
    )
    let movement = Movement(asset: .points, operation: .credit(1, expiresOn: .never, activates: nil))
    _ = try books.apply(
      LedgerRequest(id: id, digest: Array(repeating: 7, count: 32), member: member, command: .move(movement))
    )
    _ = try await LedgerStore(database: database).write(books.changes, programmeVersion: 1, now: recorded)
    account = books.changes.accounts[0].record
    account.version += 1
    return id
  }

  /// Seals all that is there.
  func seal() async throws {
    let sealer = LedgerSealer(
      store: SealStore(database: database),
      settings: LedgerSealSettings(),
      calendar: ProgrammeCalendar(timeZone: .gmt),
      clock: .system
    )
    try await sealer.seal()
  }
}

extension Instant {
  /// The instant `days` later.
  static func + (instant: Instant, days: Int64) -> Instant {
    Instant(rawValue: instant.rawValue + days * 86_400_000_000)
  }
}
