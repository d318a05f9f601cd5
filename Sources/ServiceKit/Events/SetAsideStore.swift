import Basics
import Foundation
import Postgres

/// An event that is set aside, or waits behind one that is.
struct SetAsideEvent: Sendable {
  var key: String
  var eventID: String
  var cursor: String
  var payload: [UInt8]
  /// Why it could not be applied; nil if it waits behind another of its key.
  var reason: String?
}

/// The table `event_set_aside`, of one source.
///
/// Whoever adds, applies or skips events of a key has locked the source's row of `event_cursor`, so that a key's events
/// stay in order.
struct SetAsideStore: Sendable {
  let database: Database
  let source: String
  /// The waits before an event is tried again.
  let retry: Backoff

  /// An open event of a key, as it is tried again.
  struct Open: Sendable {
    var number: Int64
    var eventID: String
    var attempts: Int32
    var payload: [UInt8]
  }

  /// How many events there are.
  struct Counts: Sendable, Hashable {
    /// That could not be applied.
    var setAside: Int64 = 0
    /// That wait behind those.
    var waiting: Int64 = 0
  }

  /// Finds which of some keys have events set aside.
  func blocked(among keys: [String]) -> SQL {
    """
    SELECT DISTINCT key FROM event_set_aside
    WHERE source = \(source) AND key = ANY(\(keys)) AND skipped_at IS NULL
    """
  }

  /// Adds events in the order given; nil if there are none.
  func adding(_ events: [SetAsideEvent]) -> SQL? {
    guard !events.isEmpty else { return nil }
    return
      """
      INSERT INTO event_set_aside (source, key, event_id, cursor, payload, reason, attempts, tried_at, retry_at)
      SELECT \(source), key, event_id, cursor, payload, reason, CASE WHEN reason IS NULL THEN 0 ELSE 1 END,
        CASE WHEN reason IS NOT NULL THEN now() END,
        CASE WHEN reason IS NOT NULL THEN now() + \(retry.interval(after: "1")) END
      FROM unnest(
        \(events.map(\.key)), \(events.map(\.eventID)), \(events.map(\.cursor)), \(events.map(\.payload)),
        \(events.map(\.reason))
      ) WITH ORDINALITY AS given (key, event_id, cursor, payload, reason, place)
      ORDER BY place
      """
  }

  /// The keys whose first event is to be tried again, longest due first.
  func dueKeys(limit: Int) async throws(PostgresError) -> [String] {
    let rows = try await database.query(
      """
      SELECT key FROM event_set_aside WHERE source = \(source) AND retry_at <= now() AND skipped_at IS NULL
      ORDER BY retry_at LIMIT \(Int64(limit))
      """
    )
    var keys: [String] = []
    for row in rows { keys.append(try row.decode(column: 0, as: String.self)) }
    return keys
  }

  /// The first open events of a key.
  func open(_ key: String, limit: Int) -> SQL {
    """
    SELECT number, event_id, attempts, payload FROM event_set_aside
    WHERE source = \(source) AND key = \(key) AND skipped_at IS NULL ORDER BY number LIMIT \(Int64(limit))
    """
  }

  /// Reads what ``open(_:limit:)`` found.
  func events(_ rows: Rows) throws(PostgresError) -> [Open] {
    var events: [Open] = []
    for row in rows {
      let (number, eventID, attempts, payload) = try row.decode(Int64.self, String.self, Int32.self, [UInt8].self)
      events.append(Open(number: number, eventID: eventID, attempts: attempts, payload: payload))
    }
    return events
  }

  /// Removes a key's open events up to one, and has the next one tried.
  func removing(_ key: String, upTo number: Int64) -> [SQL] {
    [
      """
      DELETE FROM event_set_aside
      WHERE source = \(source) AND key = \(key) AND number <= \(number) AND skipped_at IS NULL
      """,
      """
      UPDATE event_set_aside SET retry_at = now() WHERE source = \(source) AND key = \(key) AND number = (
        SELECT min(number) FROM event_set_aside WHERE source = \(source) AND key = \(key) AND skipped_at IS NULL
      )
      """,
    ]
  }

  /// Records that an event could not be applied again, and when it is tried next: after a wait that doubles each time.
  func failed(_ key: String, _ number: Int64, reason: String) -> SQL {
    """
    UPDATE event_set_aside SET reason = \(reason), attempts = attempts + 1, tried_at = now(),
      retry_at = now() + \(retry.interval(after: "attempts + 1"))
    WHERE source = \(source) AND key = \(key) AND number = \(number) AND skipped_at IS NULL
    """
  }

  /// Has everything tried that is set aside.
  func makeAllDue() async throws(PostgresError) {
    _ = try await database.execute(
      """
      UPDATE event_set_aside SET retry_at = now()
      WHERE source = \(source) AND retry_at > now() AND skipped_at IS NULL
      """
    )
  }

  /// How many events there are.
  func counts() async throws(PostgresError) -> Counts {
    let rows = try await database.query(
      """
      SELECT count(reason), count(*) - count(reason) FROM event_set_aside
      WHERE source = \(source) AND skipped_at IS NULL
      """
    )
    let (setAside, waiting) = try rows[0].decode(Int64.self, Int64.self)
    return Counts(setAside: setAside, waiting: waiting)
  }
}
