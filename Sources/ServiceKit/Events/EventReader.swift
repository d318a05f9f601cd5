import Foundation
import Postgres
import RPC

/// Reads the event log in the order that never skips a late commit.
///
/// A transaction gets its id with its first write, but may commit long after one with a higher id. So a reader sees
/// only events of transactions below `pg_snapshot_xmin` of the very snapshot it reads with: all of those have ended,
/// and none with such an id can begin any more.
struct EventReader: Sendable {
  let database: Database

  /// What one look into the log found.
  struct Found: Sendable {
    var events: [StoredEvent]
    /// Where the next look begins.
    var position: EventPosition
    var isFull: Bool
    var lastSequence: Int64?
  }

  func read(after position: EventPosition, limit: Int) async throws(PostgresError) -> Found {
    let rows = try await database.query(
      """
      SELECT settled.below, event.transaction_id, event.sequence, event.event_id, event.type, event.key, event.payload,
        event.recorded_at
      FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS below) AS settled
      LEFT JOIN LATERAL (
        SELECT * FROM event
        WHERE (transaction_id, sequence) > (\(position.transactionID), \(position.sequence))
          AND transaction_id < settled.below
        ORDER BY transaction_id, sequence LIMIT \(Int64(limit))
      ) AS event ON true
      ORDER BY event.transaction_id, event.sequence
      """
    )
    var found = Found(events: [], position: position, isFull: rows.count >= limit, lastSequence: nil)
    for row in rows {
      let (below, transactionID, sequence) = try row.decode(Int64.self, Int64?.self, Int64?.self)
      guard let transactionID, let sequence else {
        found.isFull = false
        found.position = max(position, .before(transactionID: below))
        return found
      }
      found.position = EventPosition(transactionID: transactionID, sequence: sequence)
      found.lastSequence = sequence
      found.events.append(try Self.event(row, at: found.position))
      // Fewer than asked for: everything below the oldest running transaction has been read.
      if found.events.count == rows.count, !found.isFull { found.position = .before(transactionID: below) }
    }
    return found
  }

  /// The position of a start, checked against what the log still has.
  func position(of start: EventStart, domain: String) async throws -> EventPosition {
    let rows = try await database.query(
      """
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
        (SELECT max(transaction_id) FROM event),
        (SELECT transaction_id FROM event_horizon), (SELECT sequence FROM event_horizon)
      """
    )
    let (below, next, latest, horizonTransaction, horizonSequence) = try rows[0].decode(
      Int64.self,
      Int64.self,
      Int64?.self,
      Int64?.self,
      Int64?.self
    )
    if let latest, latest >= next {
      throw CommonReason.cursorExpired.error(
        domain: domain,
        "The event log was restored into another PostgreSQL cluster, whose transaction ids are lower; its events "
          + "must be renumbered before it can be followed."
      )
    }
    guard case .after(let cursor) = start else { return .before(transactionID: below) }
    guard let position = EventPosition(cursor: cursor), position.transactionID < next else {
      throw CommonReason.cursorInvalid.error(domain: domain)
    }
    guard let horizonTransaction, let horizonSequence, position != .start else { return position }
    let horizon = EventPosition(transactionID: horizonTransaction, sequence: horizonSequence)
    if position < horizon { throw CommonReason.cursorExpired.error(domain: domain) }
    return position
  }

  private static func event(_ row: Row, at position: EventPosition) throws(PostgresError) -> StoredEvent {
    StoredEvent(
      cursor: position.cursor,
      eventID: try row.decode(column: 3),
      type: try row.decode(column: 4),
      key: try row.decode(column: 5),
      payload: try row.decode(column: 6),
      recordedAt: try row.decode(column: 7)
    )
  }
}
