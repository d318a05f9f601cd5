import Foundation
import Postgres

/// The batched ledger in PostgreSQL: one round trip reads what a batch needs, one statement writes what it does.
struct LedgerStore: Sendable {
  let database: Database

  /// Reads the part of the ledger that these requests need.
  func read(_ requests: [LedgerRequest]) async throws -> BookSnapshot {
    let reading = BatchReading(requests)
    return try reading.snapshot(try await database.pipeline(reading.statements))
  }

  /// Writes what a batch did, provided that all it was computed from is still as it was read.
  ///
  /// - Returns: For each lane the number that the sequences of its entries count from.
  /// - Throws: ``PostgresError`` with `serializationFailure` or `uniqueViolation` when something has changed; then
  ///   nothing is written.
  func write(_ changes: BookChanges, programmeVersion: Int64, now: Instant) async throws -> [Int64] {
    let rows = try await database.query(changes.statement(programmeVersion: programmeVersion, now: now))
    guard let row = rows.first else { throw BrokenInvariant("a batch was written without numbers") }
    return try row.decode(column: 0)
  }
}
