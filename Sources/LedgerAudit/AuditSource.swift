package import Postgres

/// What the rules are decided on: common table expressions that every query of the audit begins with.
///
/// Months of entries may be archived, and archives moved elsewhere: services/loyalty/migrations/0006_partitions.sql says
/// how. What is there is found here by a text of our own, so that no view in the database can speak for the ledger.
package enum AuditSource {
  /// - `gone_month`: the archived months whose entries are not there any more.
  /// - `kept_entry`: the entries that are there, archived or not.
  /// - `movement`: all that ever moved, entry by entry where they are there, and what was carried where they are gone.
  package static let expressions: SQL = """
    gone_month AS MATERIALIZED (
      SELECT month, first_request_id, next_request_id FROM ledger_closed_month
      WHERE NOT EXISTS (
        SELECT FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent IN ('ledger_entry'::regclass, 'ledger_archive'::regclass)
          AND relname IN ('ledger_entry_' || to_char(month, 'YYYY_MM'), 'ledger_archive_' || to_char(month, 'YYYY_MM'))
      )
    ), kept_entry AS NOT MATERIALIZED (
      SELECT \(entryColumns) FROM ledger_entry UNION ALL SELECT \(entryColumns) FROM ledger_archive
    ), movement AS NOT MATERIALIZED (
      SELECT lane, member_id, asset, entry_type, from_account, to_account, reference, amount, lots, sequence FROM kept_entry
      UNION ALL
      SELECT lane, member_id, asset, entry_type, from_account, to_account, reference, amount, lots, last_sequence
      FROM ledger_carried WHERE month IN (SELECT month FROM gone_month)
    )
    """

  /// Keeps every table where it is while a snapshot is read.
  static let locking: SQL = "LOCK TABLE ledger_entry, ledger_archive IN ACCESS SHARE MODE"

  private static let entryColumns: SQL = """
    lane, member_id, request_id, posting, entry_type, asset, from_account, to_account, amount, available, sequence, \
    reference, lots, digest, answer, follows
    """
}
