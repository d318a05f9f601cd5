import Postgres

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
