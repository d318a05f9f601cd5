import Foundation
import Postgres

extension Reservation {
  /// The columns that ``init(_:)`` reads, in order.
  static let columns: SQL = """
    reservation_id, order_id, member_id, coupon_ids, discounts, currency_code, request_digest, status, expires_at
    """

  /// Reads the columns.
  init(_ row: Row) throws(PostgresError) {
    let (reservationID, orderID, memberID, couponIDs, discounts, currencyCode, digest, status, expiresAt) =
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
      reservationID: reservationID,
      orderID: orderID,
      memberID: memberID,
      discounts: zip(couponIDs, discounts).map { CouponApplication.Discount(couponID: $0, minorUnits: $1) },
      currencyCode: currencyCode,
      requestDigest: digest,
      status: status,
      expiresAt: expiresAt
    )
  }
}
