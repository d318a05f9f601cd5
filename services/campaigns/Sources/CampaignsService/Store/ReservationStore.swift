import Basics
import Foundation
import Postgres
import ServiceKit

/// The reservations in PostgreSQL.
///
/// Locks are acquired in one order, so that no two calls wait for each other: coupons by ID, then reservations.
struct ReservationStore: Sendable {
  let database: Database

  /// Returns a reservation by ID, nil if there is none.
  func reservation(_ reservationID: UUID) async throws -> Reservation? {
    try await database.query(
      "SELECT \(Reservation.columns) FROM reservation WHERE reservation_id = \(reservationID)"
    ).first.map(Reservation.init)
  }

  /// Returns an order's reservation except released ones, nil if there is none.
  func reservation(ofOrder orderID: UUID) async throws -> Reservation? {
    try await database.query(
      "SELECT \(Reservation.columns) FROM reservation WHERE order_id = \(orderID) AND status <> 4"
    ).first.map(Reservation.init)
  }

  /// Inserts a reservation and points its coupons to it, provided that each coupon still has the reservation in `seen`
  /// and the order has no other reservation. Does all or nothing in one statement. Returns false for nothing.
  func insert(_ reservation: Reservation, seen: [UUID?], now: Date) async throws -> Bool {
    let couponIDs = reservation.discounts.map(\.couponID)
    do {
      let rows = try await database.query(
        """
        WITH free AS (
          SELECT coupon.coupon_id
          FROM coupon JOIN unnest(\(couponIDs), \(seen)) AS wanted (coupon_id, seen)
            ON wanted.coupon_id = coupon.coupon_id
          WHERE coupon.member_id = \(reservation.memberID) AND coupon.reservation_id IS NOT DISTINCT FROM wanted.seen
          ORDER BY coupon.coupon_id FOR UPDATE OF coupon
        ), inserted AS (
          INSERT INTO reservation (reservation_id, order_id, member_id, coupon_ids, discounts, currency_code,
            request_digest, status, created_at, expires_at, due_at)
          SELECT \(reservation.reservationID), \(reservation.orderID), \(reservation.memberID), \(couponIDs),
            \(reservation.discounts.map(\.minorUnits)), \(reservation.currencyCode), \(reservation.requestDigest),
            \(reservation.status), \(now), \(reservation.expiresAt), \(reservation.expiresAt)
          WHERE (SELECT count(*) FROM free) = \(Int64(couponIDs.count))
          RETURNING reservation_id
        ), pointed AS (
          UPDATE coupon SET reservation_id = inserted.reservation_id
          FROM inserted WHERE coupon.member_id = \(reservation.memberID) AND coupon.coupon_id = ANY(\(couponIDs))
        )
        SELECT 1 FROM inserted
        """
      )
      return !rows.isEmpty
    } catch {
      guard error.constraint == "reservation_order_key" else { throw error }
      return false
    }
  }

  /// Prolongs an active reservation until at least `expiresAt`. Returns nil if it is no longer active.
  func prolong(_ reservationID: UUID, until expiresAt: Date) async throws -> Reservation? {
    try await database.query(
      """
      UPDATE reservation SET expires_at = greatest(expires_at, \(expiresAt)), due_at = greatest(due_at, \(expiresAt))
      WHERE reservation_id = \(reservationID) AND status = \(ReservationStatus.active)
      RETURNING \(Reservation.columns)
      """
    ).first.map(Reservation.init)
  }

  /// Marks an active reservation as closing. It is due at `dueAt` unless it is settled by then.
  func close(_ reservationID: UUID, dueAt: Date) async throws {
    _ = try await database.execute(
      """
      UPDATE reservation SET status = \(ReservationStatus.closing), due_at = \(dueAt)
      WHERE reservation_id = \(reservationID) AND status = \(ReservationStatus.active)
      """
    )
  }

  /// Marks due reservations as closing and returns them. No other instance gets them before they are due again: after
  /// the wait of `retry` for as often as they were due.
  func claimDue(now: Date, retry: Backoff, limit: Int) async throws -> [Reservation] {
    try await database.query(
      """
      WITH due AS (
        SELECT reservation_id FROM reservation WHERE status IN (1, 2) AND due_at <= \(now)
        ORDER BY due_at LIMIT \(limit) FOR UPDATE SKIP LOCKED
      )
      UPDATE reservation SET status = \(ReservationStatus.closing), settle_attempts = settle_attempts + 1,
        due_at = \(now)::timestamptz + \(retry.interval(after: "settle_attempts + 1"))
      WHERE reservation_id IN (SELECT due.reservation_id FROM due)
      RETURNING \(Reservation.columns)
      """
    ).map(Reservation.init)
  }

  /// Returns and locks reservations in the order of their IDs.
  func locked(_ reservationIDs: [UUID], in transaction: Transaction) async throws -> [Reservation] {
    try await transaction.query(
      """
      SELECT \(Reservation.columns) FROM reservation WHERE reservation_id = ANY(\(reservationIDs))
      ORDER BY reservation_id FOR UPDATE
      """
    ).map(Reservation.init)
  }

  /// Stores the outcomes of locked reservations.
  func settle(_ reservations: [Reservation], at now: Date, in transaction: Transaction) async throws {
    _ = try await transaction.execute(
      """
      UPDATE reservation SET status = settled.status, settled_at = \(now)
      FROM unnest(\(reservations.map(\.reservationID)), \(reservations.map(\.status))) AS settled (reservation_id, status)
      WHERE reservation.reservation_id = settled.reservation_id
      """
    )
  }
}
