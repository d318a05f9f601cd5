import PatronAPI

/// What an asset is counted in: points, or money. The two are shown in fields of their own, so that nobody takes one for the
/// other.
enum AssetUnit: Sendable {
  /// The asset's code, and the programme that says what its points are worth, if it does.
  case points(String, LoyaltyV1.Programme?)
  /// The asset's code and its currency.
  case money(String, currencyCode: String)

  /// The code of the programme's own points.
  static let pointsCode = "points"

  /// The asset's code.
  var code: String {
    switch self {
    case .points(let code, _), .money(let code, _): code
    }
  }

  /// An amount of the asset if it is counted in points, else 0.
  func points(_ amount: Int64) -> Int64 {
    switch self {
    case .points: amount
    case .money: 0
    }
  }

  /// An amount of the asset if it is money.
  func money(_ amount: Int64) -> CommonV1.Money? {
    switch self {
    case .points: nil
    case .money(_, let currencyCode): CommonV1.Money(currencyCode: currencyCode, minorUnits: amount)
    }
  }

  /// What an amount of the asset would pay; nil if it pays for nothing.
  func worth(_ amount: Int64) -> CommonV1.Money? {
    switch self {
    case .money: return money(amount)
    case .points(_, nil): return nil
    case .points(_, let programme?):
      let rule = programme.redeemRule ?? LoyaltyV1.RedeemRule()
      return CommonV1.Money(
        currencyCode: programme.currencyCode,
        minorUnits: PointsWorth.minorUnits(amount, rule: rule)
      )
    }
  }
}

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
