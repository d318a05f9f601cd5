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
