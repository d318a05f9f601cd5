import Foundation
import Postgres

/// The cursor of one source in the consumer's database, and whose turn it is to move it.
struct EventCursorStore: Sendable {
  /// The stored cursor is not the one the batch follows: somebody else applied it.
  struct Overtaken: Error {}

  let database: Database
  let source: String
  let lease: Duration
  /// This copy of the service.
  private let owner = UUID()

  init(database: Database, source: String, lease: Duration) {
    self.database = database
    self.source = source
    self.lease = lease
  }

  /// Takes the turn unless another copy of the service has it.
  ///
  /// - Returns: The cursor to go on from; nil when it is another's turn.
  func claim() async throws(PostgresError) -> String? {
    let rows = try await database.query(
      """
      INSERT INTO event_cursor AS stored (source, owner, leased_until)
      VALUES (\(source), \(owner), now() + make_interval(secs => \(lease.fractionalSeconds)))
      ON CONFLICT (source) DO UPDATE SET owner = EXCLUDED.owner, leased_until = EXCLUDED.leased_until
      WHERE stored.owner IS NULL OR stored.owner = EXCLUDED.owner OR stored.leased_until < now()
      RETURNING cursor
      """
    )
    return try rows.first?.decode(column: 0, as: String.self)
  }

  /// Does some work and moves the cursor, together or not at all.
  ///
  /// - Throws: ``Overtaken`` when the cursor is not `expected` any more; nothing has been done then.
  func advance(
    from expected: String,
    to next: String,
    _ work: (Transaction) async throws -> Void
  ) async throws {
    try await database.transaction { transaction in
      let rows = try await transaction.query("SELECT cursor FROM event_cursor WHERE source = \(source) FOR UPDATE")
      guard try rows.first?.decode(column: 0, as: String.self) == expected else { throw Overtaken() }
      try await work(transaction)
      try await transaction.commit(with: [
        """
        UPDATE event_cursor SET cursor = \(next), owner = \(owner), updated_at = now(),
          leased_until = now() + make_interval(secs => \(lease.fractionalSeconds))
        WHERE source = \(source)
        """
      ])
    }
  }

  /// Gives the turn up at once, also when the task was cancelled.
  func release() async {
    await Task {
      _ = try? await database.execute(
        "UPDATE event_cursor SET leased_until = '-infinity' WHERE source = \(source) AND owner = \(owner)",
        deadline: .now + .seconds(2)
      )
    }.value
  }
}
