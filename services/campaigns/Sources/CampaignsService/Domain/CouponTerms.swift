import Foundation

/// When a coupon may be used and what it then does: the part of its template that the rules look at.
struct CouponTerms: Sendable, Hashable {
  /// What it takes off.
  var benefit: CouponBenefit
  /// The currency of its amounts; nil if it has none (a share without a limit and without a threshold).
  var currencyCode: String?
  /// The sum of the order's lines that is needed, in the currency's smallest unit.
  var thresholdMinorUnits: Int64?
  /// Usable from this time on.
  var validFrom: Date?
  /// Usable until just before this time.
  var validBefore: Date?

  /// Why the coupon cannot be used on an order, or nil if it can.
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

/// What coupons of one kind do.
struct CouponTemplate: Sendable, Hashable {
  var templateID: UUID
  /// The chain's own code of it, unique.
  var code: String
  /// What members see.
  var title: String
  /// When its coupons may be used and what they then do.
  var terms: CouponTerms
  var createdAt: Date
}

/// What a coupon takes off an order.
enum CouponBenefit: Sendable, Hashable {
  /// A fixed amount, in the currency's smallest unit; more than 0.
  case amountOff(minorUnits: Int64)
  /// A share in hundredths of a percent, 1 to 10,000, and the most it may take off, if there is a limit.
  case percentOff(basisPoints: Int32, maximumMinorUnits: Int64?)

  static let basisPointsAllowed: ClosedRange<Int32> = 1...10_000

  /// What the coupon takes off when `remaining` is left of the order: never more than that. A share's fraction of the
  /// smallest unit is dropped.
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
