import Basics
import Foundation
import Postgres
import ServiceKit

/// Makes the ledger's monthly partitions before they are needed, and archives months that are older than is to be kept.
///
/// Several copies of the service may do so at once: they take turns.
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

  /// Archives the months that are older than is to be kept, the oldest first. One that cannot be archived yet keeps those
  /// after it waiting: a cursor of ``LedgerLog`` says by the latest one which months were archived before it.
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
  /// Runs a transaction that changes the ledger's partitions, while no other copy of the service does.
  ///
  /// It waits only briefly for a lock that others hold, such as an audit that reads for an hour, because batches wait
  /// behind it. What fails so is done in another turn.
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
