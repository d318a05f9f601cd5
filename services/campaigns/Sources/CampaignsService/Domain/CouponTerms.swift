import Foundation

/// When a coupon may be used and its effect: the part of its template that the rules read.
struct CouponTerms: Sendable, Hashable {
  /// The discount.
  var benefit: CouponBenefit
  /// The currency of its amounts, nil without amounts (a percentage without limit and threshold).
  var currencyCode: String?
  /// The required sum of the order's lines in the currency's smallest unit.
  var thresholdMinorUnits: Int64?
  /// The start of the period.
  var validFrom: Date?
  /// The end of the period, exclusive.
  var validBefore: Date?

  /// Returns why the coupon cannot be used on an order, nil if it can.
  func refusal(of order: CouponOrder) -> CouponRefusal.Reason? {
    if let currencyCode, currencyCode != order.currencyCode {
      return .currencyMismatch(coupon: currencyCode, order: order.currencyCode)
    }
    if let validFrom, order.occurredAt < validFrom { return .notYetValid(from: validFrom) }
    if let validBefore, order.occurredAt >= validBefore { return .expired(before: validBefore) }
    if let thresholdMinorUnits, order.grossMinorUnits < thresholdMinorUnits {
      return .thresholdNotReached(threshold: thresholdMinorUnits, gross: order.grossMinorUnits)
    }
    return nil
  }
}

/// The definition of coupons of one kind.
struct CouponTemplate: Sendable, Hashable {
  var templateID: UUID
  /// The chain's own unique code.
  var code: String
  /// The title that members see.
  var title: String
  /// When its coupons may be used, and their effect.
  var terms: CouponTerms
  var createdAt: Date
}

/// The discount of a coupon.
enum CouponBenefit: Sendable, Hashable {
  /// A fixed amount in the currency's smallest unit, more than 0.
  case amountOff(minorUnits: Int64)
  /// A percentage in hundredths of a percent, 1 to 10,000, with an optional limit.
  case percentOff(basisPoints: Int32, maximumMinorUnits: Int64?)

  static let basisPointsAllowed: ClosedRange<Int32> = 1...10_000

  /// Returns the discount when `remaining` is left of the order, at most `remaining`. Fractions of the smallest unit
  /// are dropped.
  func discount(on remaining: Int64) -> Int64 {
    precondition(remaining >= 0, "coupons never leave less than nothing")
    switch self {
    case .amountOff(let minorUnits):
      return min(minorUnits, remaining)
    case .percentOff(let basisPoints, let maximumMinorUnits):
      let share = Int64(Int128(remaining) * Int128(basisPoints) / 10_000)
      return min(share, maximumMinorUnits ?? share)
    }
  }
}
