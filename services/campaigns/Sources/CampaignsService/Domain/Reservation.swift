import Foundation

/// Coupons held for an order.
struct Reservation: Sendable, Hashable {
  var reservationId: UUID
  var orderId: UUID
  var memberId: UUID
  /// The coupons and what each takes off.
  var discounts: [CouponApplication.Discount]
  /// The currency of the discounts, ISO 4217.
  var currencyCode: String
  /// Tells requests apart that came for the same order.
  var requestDigest: [UInt8]
  var status: ReservationStatus
  /// When its coupons are released, unless its order has been posted by then.
  var expiresAt: Date
}
