import Basics
import Foundation
import Postgres

/// The batched ledger in PostgreSQL: one round trip reads what a batch needs, two if some of it may have come before, three
/// if points of a sale that is taken back may be gone, and one statement writes what it does.
struct LedgerStore: Sendable {
  let database: Database

  /// How often a batch is read again that another copy of the service wrote to in between. What is missing after so many
  /// is missing for good.
  private static let attemptsMaximum = 10

  /// Reads the part of the ledger that these requests need.
  func read(_ requests: [LedgerRequest]) async throws -> BookSnapshot {
    let reading = BatchReading(requests)
    var attempt = 1
    while true {
      var snapshot = try reading.snapshot(try await database.pipeline(reading.statements))
      let wanted = reading.requestsToFind(snapshot)
      guard !wanted.isEmpty else { return snapshot }
      try reading.add(try await database.pipeline(reading.requestStatements(wanted)), to: &snapshot)
      let lapsing = reading.ordersToFollow(snapshot)
      if !lapsing.isEmpty {
        try reading.addLapses(try await database.query(reading.lapseStatement(lapsing)), to: &snapshot)
      }
      if !reading.isTorn(snapshot) || attempt == Self.attemptsMaximum { return snapshot }
      attempt += 1
    }
  }

  /// Writes what a batch did, provided that all it was computed from is still as it was read.
  ///
  /// - Returns: For each lane the number that the sequences of its entries count from.
  /// - Throws: ``PostgresError`` with `serializationFailure` or `uniqueViolation` when something has changed; then
  ///   nothing is written.
  func write(_ changes: BookChanges, programmeVersion: Int64, now: Instant) async throws -> [Int64] {
    let rows = try await database.query(changes.statement(programmeVersion: programmeVersion, now: now))
    guard let row = rows.first else { throw BrokenInvariant("a batch was written without numbers") }
    var bases = [Int64](repeating: 0, count: Int(Lane.count))
    for (entries, base) in zip(changes.entryCounts, try row.decode(column: 0, as: [Int64].self)) {
      bases[Int(entries.lane)] = base
    }
    return bases
  }
}

// Rows out of parameters that are columns: each row has a number, and of each column the item with that number. `unnest` of
// several arrays does the same, and keeps every value in a store of its own meanwhile, which costs several times as much.
extension SQL.StringInterpolation {
  /// A column's item that has the number of the row. Items of one length are found at once, if none is missing; others by
  /// going through those before.
  mutating func appendInterpolation(item column: some PostgresEncodable & Sendable) {
    appendLiteral("(")
    appendInterpolation(column)
    appendLiteral(")[number]")
  }

  /// Rows that are numbered from 1.
  mutating func appendInterpolation(numbersTo count: Int) {
    appendLiteral("generate_series(1, ")
    appendInterpolation(Int32(clamping: count))
    appendLiteral(") AS number")
  }
}
