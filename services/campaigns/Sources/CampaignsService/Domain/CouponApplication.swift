import Foundation

/// What coupons take off an order, decided without any I/O: all of them apply, or the first that cannot is named. A coupon
/// that would take nothing off is left to the member.
struct CouponApplication: Sendable, Hashable {
  /// One coupon's part.
  struct Discount: Sendable, Hashable {
    var couponID: UUID
    /// In the currency's smallest unit; more than 0.
    var minorUnits: Int64
  }

  /// The coupons that take something off, in the order asked for, and what each does.
  var discounts: [Discount]

  /// Applies coupons in the order asked for, each to what the ones before have left. Thresholds look at the sum of the
  /// order's lines, not at what is left. Whether a coupon has an effect follows from the order and the coupons' terms alone,
  /// so that asking again gives the same, whatever became meanwhile of those that had none.
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
  /// Why the coupon cannot be used on an order, whoever holds it; nil if it can.
  fileprivate func refusal(of order: CouponOrder) -> CouponRefusal.Reason? {
    order.occurredAt < usableFrom ? .notYetIssued(at: issuedAt) : terms.refusal(of: order)
  }

  /// What holds it; nil if nothing does.
  fileprivate var hindrance: CouponRefusal.Reason? {
    switch status {
    case .issued: nil
    case .reserved: .reserved
    case .redeemed: .redeemed
    }
  }
}

/// The order that coupons are to be used on, as far as their rules look at it.
struct CouponOrder: Sendable, Hashable {
  /// The sum of its lines, in the currency's smallest unit; not negative.
  var grossMinorUnits: Int64
  /// The currency, ISO 4217.
  var currencyCode: String
  /// When the sale happened.
  var occurredAt: Date
}
