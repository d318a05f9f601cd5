internal import PatronAPI

/// What points would pay.
enum PointsWorth {
  /// What `points` would pay if all were redeemed: only whole multiples of the rule's points can be. Capped at the
  /// largest amount there is.
  static func minorUnits(_ points: Int64, rule: LoyaltyV1.RedeemRule) -> Int64 {
    guard points > 0, rule.points > 0 else { return 0 }
    let (worth, overflow) = (points / rule.points).multipliedReportingOverflow(by: rule.minorUnits)
    return overflow ? .max : worth
  }
}
