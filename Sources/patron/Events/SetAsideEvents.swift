import Foundation
import Postgres

/// The events that one service has set aside, in its database.
struct SetAsideEvents: Sendable {
  /// Which of them are meant; all if nothing is named.
  struct Selection: Hashable, Sendable {
    var source: String?
    var key: String?
    var eventID: String?
  }

  let database: Database

  /// Those that were tried, oldest first, at most `limit`.
  func list(_ selection: Selection, withSkipped: Bool = false, limit: Int) async throws -> [SetAsideEvent] {
    try await database.query(
      """
      SELECT source, key, number, event_id, reason, attempts, since, retry_at, skipped_reason,
        CASE WHEN skipped_at IS NOT NULL THEN 0 ELSE (
          SELECT count(*) FROM event_set_aside AS behind WHERE behind.source = tried.source AND behind.key = tried.key
            AND behind.number > tried.number AND behind.skipped_at IS NULL
        ) END
      FROM event_set_aside AS tried
      WHERE reason IS NOT NULL AND (\(withSkipped) OR skipped_at IS NULL) AND \(isMeant(selection))
      ORDER BY since, number LIMIT \(Int64(limit))
      """
    ).map(event)
  }

  /// How many events are set aside, and how many wait behind them.
  func counts(_ selection: Selection) async throws -> (setAside: Int64, waiting: Int64) {
    try await database.query(
      """
      SELECT count(reason), count(*) - count(reason) FROM event_set_aside
      WHERE skipped_at IS NULL AND \(isMeant(selection))
      """
    )[0].decode(Int64.self, Int64.self)
  }

  /// Has events tried again by the service, at its next look.
  func retry(_ selection: Selection) async throws {
    try await database.execute(
      """
      UPDATE event_set_aside SET retry_at = now()
      WHERE reason IS NOT NULL AND skipped_at IS NULL AND \(isMeant(selection))
      """
    )
  }

  /// Gives an event up for ever: it is kept, with the reason, and those that wait behind it are applied without it.
  ///
  /// Holds the source's cursor, as the service does, so that the service applies none of them meanwhile.
  ///
  /// - Returns: Whether there was such an event.
  func skip(_ event: SetAsideEvent, because reason: String) async throws -> Bool {
    try await database.transaction { transaction in
      try await transaction.query("SELECT cursor FROM event_cursor WHERE source = \(event.source) FOR UPDATE")
      let count = try await transaction.execute(
        """
        UPDATE event_set_aside SET skipped_at = now(), skipped_reason = \(reason), retry_at = NULL
        WHERE source = \(event.source) AND key = \(event.key) AND number = \(event.number) AND skipped_at IS NULL
        """
      )
      try await transaction.execute(
        """
        UPDATE event_set_aside SET retry_at = now()
        WHERE source = \(event.source) AND key = \(event.key) AND number = (
          SELECT min(number) FROM event_set_aside
          WHERE source = \(event.source) AND key = \(event.key) AND skipped_at IS NULL
        )
        """
      )
      return count == 1
    }
  }

  private func isMeant(_ selection: Selection) -> SQL {
    """
    (\(selection.source)::text IS NULL OR source = \(selection.source))
    AND (\(selection.key)::text IS NULL OR key = \(selection.key))
    AND (\(selection.eventID)::text IS NULL OR event_id = \(selection.eventID))
    """
  }

  private func event(_ row: Row) throws -> SetAsideEvent {
    let (source, key, number, id, reason, attempts, since, retryAt, skipped, waiting) = try row.decode(
      String.self,
      String.self,
      Int64.self,
      String.self,
      String.self,
      Int32.self,
      Date.self,
      Date?.self,
      String?.self,
      Int64.self
    )
    return SetAsideEvent(
      source: source,
      key: key,
      number: number,
      eventID: id,
      reason: reason,
      attempts: attempts,
      since: since,
      retryAt: retryAt,
      waiting: waiting,
      skippedReason: skipped
    )
  }
}
