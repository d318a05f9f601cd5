import Foundation

/// The discounts of coupons on an order, decided without I/O: all coupons apply, or the first that cannot is named. A
/// coupon without effect stays with the member.
struct CouponApplication: Sendable, Hashable {
  /// One coupon's discount.
  struct Discount: Sendable, Hashable {
    var couponID: UUID
    /// The discount in the currency's smallest unit, more than 0.
    var minorUnits: Int64
  }

  /// The coupons with an effect in the requested order, with their discounts.
  var discounts: [Discount]

  /// Applies coupons in the requested order, each to the rest that the ones before have left. Thresholds apply to the
  /// sum of the order's lines, not to the rest. The effect of a coupon follows from the order and the coupons' terms
  /// alone, so a repeated request gives the same result, whatever happened meanwhile to coupons without effect.
  init(
    _ couponIDs: [UUID],
    of coupons: [UUID: HeldCoupon],
    to order: CouponOrder
  ) throws(CouponRefusal) {
    var remaining = order.grossMinorUnits
    discounts = []
    for (index, couponID) in couponIDs.enumerated() {
      guard let coupon = coupons[couponID] else {
        throw CouponRefusal(couponID: couponID, index: index, reason: .notTheMembers)
      }
      if let reason = coupon.refusal(of: order) {
        throw CouponRefusal(couponID: couponID, index: index, reason: reason)
      }
      let discount = coupon.terms.benefit.discount(on: remaining)
      guard discount > 0 else { continue }
      if let reason = coupon.hindrance { throw CouponRefusal(couponID: couponID, index: index, reason: reason) }
      remaining -= discount
      discounts.append(Discount(couponID: couponID, minorUnits: discount))
    }
    if discounts.isEmpty, let first = couponIDs.first {
      throw CouponRefusal(couponID: first, index: 0, reason: .withoutEffect)
    }
  }
}

extension HeldCoupon {
  /// Returns why the coupon cannot be used on an order, regardless of its status. Nil if it can.
  fileprivate func refusal(of order: CouponOrder) -> CouponRefusal.Reason? {
    order.occurredAt < usableFrom ? .notYetIssued(at: issuedAt) : terms.refusal(of: order)
  }

  /// Why the coupon's status forbids its use, nil if it does not.
  fileprivate var hindrance: CouponRefusal.Reason? {
    switch status {
    case .issued: nil
    case .reserved: .reserved
    case .redeemed: .redeemed
    }
  }
}

/// The order for the coupons' rules.
struct CouponOrder: Sendable, Hashable {
  /// The sum of its lines in the currency's smallest unit, not negative.
  var grossMinorUnits: Int64
  /// The currency, ISO 4217.
  var currencyCode: String
  /// When the sale happened.
  var occurredAt: Date
}
