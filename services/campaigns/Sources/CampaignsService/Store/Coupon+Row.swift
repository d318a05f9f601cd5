import Foundation
import Postgres

extension Coupon {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    coupon.coupon_id, coupon.member_id, coupon.issued_at, \
    coupon.reservation_id, reservation.order_id, reservation.status, reservation.expires_at, reservation.settled_at, \
    \(CouponTemplate.columns)
    """

  /// The coupons joined with their templates and latest reservations.
  static let source: SQL = """
    coupon JOIN coupon_template ON coupon_template.template_id = coupon.template_id \
    LEFT JOIN reservation ON reservation.reservation_id = coupon.reservation_id
    """

  /// Reads the columns.
  static func read(_ reader: inout RowReader) throws(PostgresError) -> Coupon {
    let (couponID, memberID) = (try reader.next(UUID.self), try reader.next(UUID.self))
    let issuedAt = try reader.next(Date.self)
    let hold = try Hold.read(&reader)
    return Coupon(
      couponID: couponID,
      memberID: memberID,
      template: try CouponTemplate.read(&reader),
      issuedAt: issuedAt,
      hold: hold
    )
  }
}

extension Coupon.Hold {
  /// Reads the reservation's columns. Returns nil if the coupon has none.
  fileprivate static func read(_ row: inout RowReader) throws(PostgresError) -> Coupon.Hold? {
    let (reservationID, orderID) = (try row.next(UUID?.self), try row.next(UUID?.self))
    let status = try row.next(ReservationStatus?.self)
    let (expiresAt, settledAt) = (try row.next(Date?.self), try row.next(Date?.self))
    guard let reservationID, let orderID, let status, let expiresAt else { return nil }
    return Coupon.Hold(
      reservationID: reservationID,
      orderID: orderID,
      status: status,
      expiresAt: expiresAt,
      settledAt: settledAt
    )
  }
}

extension ReservationStatus: PostgresCodable, PostgresArrayElement {}
