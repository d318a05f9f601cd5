import Basics
import Foundation
import Postgres

/// The cursor of one source in the consumer's database, and whose turn it is to move it.
struct EventCursorStore: Sendable {
  /// The stored cursor is not the one the batch follows: somebody else applied it.
  struct Overtaken: Error {}

  let database: Database
  let source: String
  let lease: Duration
  /// This instance.
  private let owner = UUID()

  init(database: Database, source: String, lease: Duration) {
    self.database = database
    self.source = source
    self.lease = lease
  }

  /// Takes the turn unless another instance has it.
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

  /// Reads the cursor and keeps all others from moving it until the transaction ends.
  var locking: SQL { "SELECT cursor FROM event_cursor WHERE source = \(source) FOR UPDATE" }

  /// Checks what ``locking`` has read.
  ///
  /// - Throws: ``Overtaken`` when the cursor is not `expected` any more.
  func check(_ locked: Rows, is expected: String) throws {
    guard try locked.first?.decode(column: 0, as: String.self) == expected else { throw Overtaken() }
  }

  /// Moves the locked cursor.
  func moving(to next: String) -> SQL {
    """
    UPDATE event_cursor SET cursor = \(next), owner = \(owner), updated_at = now(),
      leased_until = now() + make_interval(secs => \(lease.fractionalSeconds))
    WHERE source = \(source)
    """
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
