import Basics
import Postgres

/// Removes events that are older than the log keeps them, oldest first, and remembers how far it went.
struct EventRetention: Sendable {
  /// Small enough that one removal is over in a few milliseconds.
  private static let batchSize = 1_000

  let database: Database
  let keep: Duration

  /// Removes everything that is too old.
  ///
  /// - Returns: How many events.
  @discardableResult
  func removeAll() async throws -> Int {
    var total = 0
    while true {
      let removed = try await removeBatch()
      total += removed
      if removed < Self.batchSize { return total }
      try Task.checkCancellation()
    }
  }

  private func removeBatch() async throws -> Int {
    let seconds = keep.fractionalSeconds
    return try await database.transaction { transaction in
      let rows = try await transaction.query(
        """
        SELECT transaction_id, sequence, recorded_at < now() - make_interval(secs => \(seconds)) AS is_old
        FROM event ORDER BY transaction_id, sequence LIMIT \(Int64(Self.batchSize))
        """
      )
      var last: EventPosition?
      for row in rows {
        let (transactionID, sequence, isOld) = try row.decode(Int64.self, Int64.self, Bool.self)
        guard isOld else { break }
        last = EventPosition(transactionID: transactionID, sequence: sequence)
      }
      guard let last else { return 0 }
      try await transaction.execute(
        """
        INSERT INTO event_horizon (horizon_id, transaction_id, sequence)
        VALUES (1, \(last.transactionID), \(last.sequence))
        ON CONFLICT (horizon_id) DO UPDATE SET transaction_id = EXCLUDED.transaction_id, sequence = EXCLUDED.sequence
        WHERE (event_horizon.transaction_id, event_horizon.sequence) < (EXCLUDED.transaction_id, EXCLUDED.sequence)
        """
      )
      return try await transaction.execute(
        "DELETE FROM event WHERE (transaction_id, sequence) <= (\(last.transactionID), \(last.sequence))"
      )
    }
  }
}
