import Foundation

/// A member's coupon as the rules see it: its terms, and whether something holds it.
struct HeldCoupon: Sendable, Hashable {
  var couponId: UUID
  var terms: CouponTerms
  /// Since when the member has it.
  var issuedAt: Date
  /// From when on it can be used by the tills' clocks, which may be behind: not later than `issuedAt`.
  var usableFrom: Date
  /// Where it is in its life.
  var status: CouponStatus
}
