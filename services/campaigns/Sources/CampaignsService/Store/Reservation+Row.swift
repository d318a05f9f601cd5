import Foundation
import Postgres

extension Reservation {
  /// The columns that ``init(_:)`` reads, in order.
  static let columns: SQL = """
    reservation_id, order_id, member_id, coupon_ids, discounts, currency_code, request_digest, status, expires_at
    """

  /// Reads the columns.
  init(_ row: Row) throws(PostgresError) {
    let (reservationId, orderId, memberId, couponIds, discounts, currencyCode, digest, status, expiresAt) =
      try row.decode(
        UUID.self,
        UUID.self,
        UUID.self,
        [UUID].self,
        [Int64].self,
        String.self,
        [UInt8].self,
        ReservationStatus.self,
        Date.self
      )
    self.init(
      reservationId: reservationId,
      orderId: orderId,
      memberId: memberId,
      discounts: zip(couponIds, discounts).map { CouponApplication.Discount(couponId: $0, minorUnits: $1) },
      currencyCode: currencyCode,
      requestDigest: digest,
      status: status,
      expiresAt: expiresAt
    )
  }
}
