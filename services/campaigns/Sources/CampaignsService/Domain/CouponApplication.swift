import Foundation

/// What coupons take off an order, decided without any I/O: all of them apply, or the first that cannot is named.
struct CouponApplication: Sendable, Hashable {
  /// One coupon's part.
  struct Discount: Sendable, Hashable {
    var couponId: UUID
    /// In the currency's smallest unit; not negative, and 0 if the coupons before have left nothing.
    var minorUnits: Int64
  }

  /// The coupons in the order asked for, and what each takes off.
  var discounts: [Discount]

  /// Applies coupons in the order asked for, each to what the ones before have left. Thresholds look at the sum of the
  /// order's lines, not at what is left.
  init(
    _ couponIds: [UUID],
    of coupons: [UUID: HeldCoupon],
    to order: CouponOrder
  ) throws(CouponRefusal) {
    var remaining = order.grossMinorUnits
    discounts = []
    for (index, couponId) in couponIds.enumerated() {
      guard let coupon = coupons[couponId] else {
        throw CouponRefusal(couponId: couponId, index: index, reason: .notTheMembers)
      }
      if let reason = coupon.refusal(of: order) {
        throw CouponRefusal(couponId: couponId, index: index, reason: reason)
      }
      let discount = coupon.terms.benefit.discount(on: remaining)
      remaining -= discount
      discounts.append(Discount(couponId: couponId, minorUnits: discount))
    }
  }
}

extension HeldCoupon {
  fileprivate func refusal(of order: CouponOrder) -> CouponRefusal.Reason? {
    switch status {
    case .issued: terms.refusal(of: order)
    case .reserved: .reserved
    case .redeemed: .redeemed
    }
  }
}
