import Foundation

/// Why coupons cannot be reserved: the coupon, the rule, and how far off it was.
struct CouponRefusal: Error, Sendable, Hashable {
  /// The first coupon, in the requested order, that cannot be used.
  var couponID: UUID
  /// Its index among the requested coupons, from 0.
  var index: Int
  /// The violated rule.
  var reason: Reason

  /// The rules of coupons.
  enum Reason: Sendable, Hashable {
    /// The member does not have the coupon.
    case notTheMembers
    /// Held for another order.
    case reserved
    /// Redeemed by another order.
    case redeemed
    /// Its amounts are in another currency than the order.
    case currencyMismatch(coupon: String, order: String)
    /// The sale happened before the coupon was issued.
    case notYetIssued(at: Date)
    /// The coupon has no effect, nor has any other requested one.
    case withoutEffect
    /// The sale happened before the coupon's period.
    case notYetValid(from: Date)
    /// The sale happened after the coupon's period.
    case expired(before: Date)
    /// The sum of the order's lines is below the threshold.
    case thresholdNotReached(threshold: Int64, gross: Int64)
  }
}
