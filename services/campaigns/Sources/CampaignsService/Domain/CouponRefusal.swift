import Foundation

/// Why coupons cannot be reserved: names the coupon, the rule, and how far off it was.
struct CouponRefusal: Error, Sendable, Hashable {
  /// The first coupon, in the order asked for, that cannot be used.
  var couponID: UUID
  /// Its place among the coupons asked for, from 0.
  var index: Int
  /// The rule.
  var reason: Reason

  /// The rules a coupon can fail.
  enum Reason: Sendable, Hashable {
    /// The member has no such coupon.
    case notTheMembers
    /// Held for another order.
    case reserved
    /// Used up by another order.
    case redeemed
    /// Its amounts are in another currency than the order.
    case currencyMismatch(coupon: String, order: String)
    /// The sale happened before the member had it.
    case notYetIssued(at: Date)
    /// It would take nothing off, and neither would any other of the coupons asked for.
    case withoutEffect
    /// The sale happened too early.
    case notYetValid(from: Date)
    /// The sale happened too late.
    case expired(before: Date)
    /// The sum of the order's lines is too small.
    case thresholdNotReached(threshold: Int64, gross: Int64)
  }
}
