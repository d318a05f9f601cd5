internal import Postgres

/// The function by which a batch fails if somebody else has changed what it was computed from.
enum LedgerGuard {
  /// Replaces it by one that always agrees. A suite that does not notice that is worth nothing.
  static func remove(_ database: Database) async throws {
    try await database.execute(
      """
      CREATE OR REPLACE FUNCTION loyalty.require_unchanged(is_unchanged boolean) RETURNS boolean LANGUAGE sql
      AS 'SELECT true'
      """
    )
  }
}
