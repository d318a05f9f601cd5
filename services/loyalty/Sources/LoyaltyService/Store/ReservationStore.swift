import Foundation
import Postgres

/// The fate of coupon reservations in PostgreSQL.
struct ReservationStore: Sendable {
  let database: Database

  /// Voids a reservation unless its fate is known, and returns its fate.
  ///
  /// Whoever inserts the row first decides: this statement, or the posting of an order with the reservation. If that
  /// posting commits while the insertion waits for it, its row is too new for this statement to see and the statement
  /// answers nothing; the next one sees it.
  func settle(_ reservation: UUID, now: Date) async throws -> ReservationFate {
    while true {
      let rows = try await database.query(
        """
        WITH voided AS (
          INSERT INTO reservation_outcome (reservation_id, outcome, settled_at)
          VALUES (\(reservation), \(ReservationOutcome.voided), \(now))
          ON CONFLICT DO NOTHING RETURNING *
        )
        SELECT \(ReservationColumn.list(ReservationColumn.read, of: "voided")) FROM voided
        UNION ALL SELECT \(ReservationColumn.list(ReservationColumn.read, of: "reservation_outcome"))
        FROM reservation_outcome WHERE reservation_id = \(reservation)
        """
      )
      if let row = rows.first { return try ReservationFate.read(row).fate }
    }
  }
}
