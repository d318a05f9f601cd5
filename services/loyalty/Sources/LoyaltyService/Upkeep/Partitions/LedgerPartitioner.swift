import Basics
import Foundation
import Postgres
public import ServiceKit

/// Makes the ledger's monthly partitions before they are needed, and archives months that are over their retention.
///
/// Several instances of the service may do so at once: they take turns.
struct LedgerPartitioner: Sendable {
  let partitions: PartitionStore
  let archives: ArchiveStore
  let settings: LedgerPartitionSettings
  let clock: WallClock

  init(database: Database, settings: LedgerPartitionSettings, clock: WallClock) {
    partitions = PartitionStore(database: database)
    archives = ArchiveStore(database: database)
    self.settings = settings
    self.clock = clock
  }

  /// What must run beside the service.
  var jobs: [Job] {
    [
      Job("ledger: partitions", every: settings.interval) {
        try await prepare()
        try await archive()
      }
    ]
  }

  /// Makes the partitions of the running month and of those ahead where they are missing.
  func prepare() async throws {
    try await partitions.make(from: LedgerMonth(Instant(clock.now)), ahead: settings.monthsAhead)
  }

  /// Archives the months that are over their retention, the oldest first. One that cannot be archived yet holds up those
  /// after it: of a cursor of ``LedgerLog`` the latest archived month is known, and by it all before.
  func archive() async throws {
    guard settings.retentionMonths > 0 else { return }
    let now = Instant(clock.now)
    let firstKept = LedgerMonth(now) + -settings.retentionMonths
    for month in try await partitions.months(in: partitions.database) where month < firstKept {
      try Task.checkCancellation()
      guard try await archives.archive(month, at: now) else { return }
    }
  }
}

extension Database {
  /// Runs a transaction that changes the ledger's partitions, while no other instance of the service does.
  ///
  /// It waits only briefly for a lock that others hold, such as an audit that reads for an hour, because batches wait
  /// behind it. What fails so is tried again at the next turn.
  func alone<Value>(_ body: (Transaction) async throws -> Value) async throws -> Value {
    // Long enough to write all entries of a ledger again.
    try await transaction(deadline: .now + .seconds(86_400)) { transaction in
      try await transaction.query("SELECT set_config('statement_timeout', '0', true)")
      try await transaction.query(
        "SELECT pg_advisory_xact_lock(hashtextextended('patron.ledger_partitions.' || current_schema(), 0))"
      )
      try await transaction.query("SELECT set_config('lock_timeout', '500ms', true)")
      return try await body(transaction)
    }
  }
}

/// How far ahead the ledger's partitions are made, and how long entries are kept in it.
public struct LedgerPartitionSettings: SettingsGroup {
  /// How many months after the running one have a partition.
  public var monthsAhead: Int
  /// How many months before the running one stay in the ledger; 0 for all.
  public var retentionMonths: Int
  /// The pause between two turns.
  public var interval: Duration

  /// The documented defaults: 3 months, kept for ever, 1 h.
  public init() {
    monthsAhead = 3
    retentionMonths = 0
    interval = .seconds(3_600)
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = LedgerPartitionSettings()
    monthsAhead = settings.value(
      "ledger.partitionsAhead",
      default: defaults.monthsAhead,
      in: 1...24,
      "How many months after the running one have a partition for their entries."
    )
    retentionMonths = settings.value(
      "ledger.retentionMonths",
      default: defaults.retentionMonths,
      in: 0...1_200,
      "How many months before the running one stay in the ledger; older ones are archived. 0 keeps all for ever."
    )
    interval = settings.value(
      "ledger.partitionInterval",
      default: defaults.interval,
      in: .seconds(1) ... .seconds(86_400),
      "How long to wait between making partitions, archiving old ones, and looking again."
    )
  }
}
