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
    /// Whether there are more events.
    var isFull: Bool
  }

  /// The number of the latest event; nil when there is none.
  func lastSequence() async throws(PostgresError) -> Int64? {
    try await database.query("SELECT sequence FROM event ORDER BY transaction_id DESC, sequence DESC LIMIT 1").first?
      .decode(column: 0, as: Int64.self)
  }

  /// A position is that of an event that was read, never a transaction id without one: ids that a crash of PostgreSQL
  /// left unused are given out again.
  ///
  /// - Parameter bytesMaximum: Ends the events before they are more than this together, but not before the first one: a
  ///   response that is too large for its caller would come again and again.
  func read(
    after position: EventPosition,
    limit: Int,
    bytesMaximum: Int = .max
  ) async throws(PostgresError) -> Found {
    let rows = try await database.query(
      """
      SELECT transaction_id, sequence, event_id, type, key, payload, recorded_at, found FROM (
        SELECT *, count(*) OVER () AS found,
          sum(octet_length(payload)) OVER (ORDER BY transaction_id, sequence) AS bytes
        FROM (
          SELECT * FROM event
          WHERE (transaction_id, sequence) > (\(position.transactionID), \(position.sequence))
            AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
          ORDER BY transaction_id, sequence LIMIT \(Int64(limit) + 1)
        ) AS next
      ) AS measured
      WHERE bytes <= \(Int64(bytesMaximum)) OR bytes = octet_length(payload)
      ORDER BY transaction_id, sequence LIMIT \(Int64(limit))
      """
    )
    let found = try rows.first?.decode(column: 7, as: Int64.self) ?? 0
    var result = Found(events: [], position: position, isFull: found > rows.count)
    for row in rows {
      let (transactionID, sequence) = try row.decode(Int64.self, Int64.self)
      result.position = EventPosition(transactionID: transactionID, sequence: sequence)
      result.events.append(try Self.event(row, at: result.position))
    }
    return result
  }

  /// The position of a start, checked against what the log still has.
  func position(of start: EventStart, domain: String) async throws -> EventPosition {
    let rows = try await database.query(
      """
      SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
        (SELECT max(transaction_id) FROM event),
        (SELECT transaction_id FROM event_horizon), (SELECT sequence FROM event_horizon),
        latest.transaction_id, latest.sequence
      FROM (SELECT) AS one LEFT JOIN LATERAL (
        SELECT transaction_id, sequence FROM event
        WHERE transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        ORDER BY transaction_id DESC, sequence DESC LIMIT 1
      ) AS latest ON true
      """
    )
    let (next, newest, horizonTransaction, horizonSequence, latestTransaction, latestSequence) = try rows[0].decode(
      Int64.self,
      Int64?.self,
      Int64?.self,
      Int64?.self,
      Int64?.self,
      Int64?.self
    )
    if let newest, newest >= next {
      throw CommonReason.cursorExpired.error(
        domain: domain,
        "The event log was restored into another PostgreSQL cluster, whose transaction ids are lower; its events "
          + "must be renumbered before it can be followed."
      )
    }
    let horizon = Self.position(horizonTransaction, horizonSequence) ?? .start
    guard case .after(let cursor) = start else {
      return Self.position(latestTransaction, latestSequence) ?? horizon
    }
    guard let position = EventPosition(cursor: cursor), position.transactionID < next else {
      throw CommonReason.cursorInvalid.error(domain: domain, field: "cursor")
    }
    if position != .start, position < horizon { throw CommonReason.cursorExpired.error(domain: domain) }
    return position
  }

  private static func position(_ transactionID: Int64?, _ sequence: Int64?) -> EventPosition? {
    guard let transactionID, let sequence else { return nil }
    return EventPosition(transactionID: transactionID, sequence: sequence)
  }

  private static func event(_ row: Row, at position: EventPosition) throws(PostgresError) -> StoredEvent {
    StoredEvent(
      cursor: position.cursor,
      eventID: try row.decode(column: 2),
      type: try row.decode(column: 3),
      key: try row.decode(column: 4),
      payload: try row.decode(column: 5),
      recordedAt: try row.decode(column: 6)
    )
  }
}
