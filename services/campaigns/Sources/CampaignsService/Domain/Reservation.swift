import Foundation

/// Coupons held for an order.
struct Reservation: Sendable, Hashable {
  var reservationID: UUID
  var orderID: UUID
  var memberID: UUID
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

/// Where a reservation is in its life. The raw value is what the store keeps.
enum ReservationStatus: Int16, Sendable, Hashable, CaseIterable {
  /// Holds its coupons; the order may be posted with it.
  case active = 1
  /// Holds its coupons, but the ledger is being asked, so it can no longer be prolonged.
  case closing = 2
  /// Its order was posted; its coupons are used up.
  case redeemed = 3
  /// Voided by the ledger before an order was posted; its coupons are free.
  case released = 4
  /// Its order was posted and later reversed; its coupons are free again.
  case returned = 5

  /// Whether an order was posted with the reservation, whatever became of the order.
  var isPosted: Bool { self == .redeemed || self == .returned }
}
