import Basics
import Foundation
import Postgres
import ServiceKit

/// The monthly partitions of the ledger's entries in PostgreSQL.
struct PartitionStore: Sendable {
  let database: Database

  /// The months that have a partition, the oldest first.
  func months(in queryable: some Queryable) async throws -> [LedgerMonth] {
    let rows = try await queryable.query(
      """
      SELECT to_date(right(relname, 7), 'YYYY_MM') AS month FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = 'ledger_entry'::regclass AND relname ~ '^ledger_entry_[0-9]{4}_[0-9]{2}$' ORDER BY month
      """
    )
    return try rows.map { LedgerMonth(try $0.decode(column: 0, as: Day.self)) }
  }

  /// Makes what is missing of the partitions of a running month and of `ahead` months after it.
  ///
  /// A month ahead has no entries yet, so its partition is only put in its place. If the running month has no partition,
  /// because the database is new or older than partitions are, or because the service was stalled for long, entries of
  /// months that must have one may be in the default partition: they are distributed.
  func make(from running: LedgerMonth, ahead: Int) async throws {
    let wanted = (0...ahead).map { running + $0 }
    guard try await !Set(wanted).isSubset(of: months(in: database)) else { return }
    try await database.alone { transaction in
      let present = Set(try await months(in: transaction))
      if present.contains(running) {
        for month in wanted where !present.contains(month) {
          try await transaction.executeScript(Self.making(month))
        }
      } else {
        try await distribute(into: wanted.filter { !present.contains($0) }, in: transaction)
      }
    }
  }

  /// Replaces the default partition by monthly ones and a new default one, and writes its entries again, into these.
  ///
  /// Each month since the ledger began that has entries gets a partition, unless it is closed. What is dated before was
  /// late, and stays in the default partition, as does what is dated after.
  private func distribute(into wanted: [LedgerMonth], in transaction: Transaction) async throws {
    guard let end = wanted.max().map({ $0 + 1 }) else { return }
    try await transaction.execute("LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE")
    let rows = try await transaction.query(
      """
      WITH dated AS (
        SELECT date_trunc('month', to_timestamp(milliseconds / 1000) AT TIME ZONE 'UTC') AS month,
          min(sequence) AS first_sequence
        FROM ledger_entry_default CROSS JOIN LATERAL (
          SELECT ('x' || translate(left(request_id::text, 13), '-', ''))::bit(48)::bigint AS milliseconds
        ) AS request
        GROUP BY 1
      ), began AS (
        SELECT date_trunc('month', to_timestamp(min(first_sequence) / 1000000) AT TIME ZONE 'UTC') AS month FROM dated
      )
      SELECT dated.month::date FROM dated JOIN began ON dated.month >= began.month
      WHERE dated.month < \(end.firstDay)
        AND dated.month > coalesce((SELECT max(closed.month) FROM ledger_closed_month AS closed), '-infinity')
      """
    )
    let found = try rows.map { LedgerMonth(try $0.decode(column: 0, as: Day.self)) }
    let months = Set(wanted).union(found).sorted()
    try await transaction.executeScript(Self.replacing(with: months))
  }

  // MARK: Statements

  /// Makes the partition of a month and puts it in its place.
  ///
  /// It is made apart, for a table that is made as a partition locks all of `ledger_entry`. Putting it in its place only
  /// locks the default partition, while that is scanned for entries of the month. Because of its check it can be archived
  /// later without being scanned.
  private static func making(_ month: LedgerMonth) -> String {
    let (first, next) = (month.firstRequestID.text, (month + 1).firstRequestID.text)
    return """
      CREATE TABLE \(month.partition) (
        LIKE ledger_entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES,
        CONSTRAINT \(month.partition)_month CHECK (request_id >= '\(first)' AND request_id < '\(next)')
      );
      \(refusingTruncation(of: month.partition))
      ALTER TABLE ledger_entry ATTACH PARTITION \(month.partition) FOR VALUES \(month.bounds);

      """
  }

  private static func replacing(with months: [LedgerMonth]) -> String {
    """
    ALTER TABLE ledger_entry DETACH PARTITION ledger_entry_default;
    ALTER TABLE ledger_entry_default RENAME TO ledger_entry_undistributed;
    \(months.map(making).joined())
    CREATE TABLE ledger_entry_default PARTITION OF ledger_entry DEFAULT;
    \(refusingTruncation(of: "ledger_entry_default"))
    INSERT INTO ledger_entry SELECT * FROM ledger_entry_undistributed;
    DROP TABLE ledger_entry_undistributed;
    """
  }

  /// Truncation has no row, so the trigger that partitions inherit does not see it.
  private static func refusingTruncation(of table: String) -> String {
    """
    CREATE TRIGGER \(table)_append_only BEFORE TRUNCATE ON \(table)
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    """
  }
}
