import Foundation

/// Coupons held for an order.
struct Reservation: Sendable, Hashable {
  var reservationID: UUID
  var orderID: UUID
  var memberID: UUID
  /// The coupons with their discounts.
  var discounts: [CouponApplication.Discount]
  /// The currency of the discounts, ISO 4217.
  var currencyCode: String
  /// Distinguishes requests for the same order.
  var requestDigest: [UInt8]
  var status: ReservationStatus
  /// When its coupons are released, unless its order has been posted by then.
  var expiresAt: Date
}

/// The stage of a reservation's life. The raw values are stored.
enum ReservationStatus: Int16, Sendable, Hashable, CaseIterable {
  /// Holds its coupons. The order may be posted with it.
  case active = 1
  /// Holds its coupons, but the ledger is being asked, so it can no longer be prolonged.
  case closing = 2
  /// Its order was posted, and its coupons are redeemed.
  case redeemed = 3
  /// The ledger voided it before an order was posted. Its coupons are free.
  case released = 4
  /// Its order was posted and later reversed. Its coupons are free again.
  case returned = 5

  /// Whether an order was posted with the reservation, even if it was reversed later.
  var isPosted: Bool { self == .redeemed || self == .returned }
}
