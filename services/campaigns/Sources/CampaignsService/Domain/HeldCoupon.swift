import Foundation

/// A member's coupon as the rules see it: its terms, and whether something holds it.
struct HeldCoupon: Sendable, Hashable {
  var couponId: UUID
  var terms: CouponTerms
  /// Where it is in its life.
  var status: CouponStatus
}
