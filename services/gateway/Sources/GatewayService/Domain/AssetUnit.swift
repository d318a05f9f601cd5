import CommonProto
import LoyaltyProto

/// The unit of an asset: points or money. The API has different fields for them, so that they are not confused.
enum AssetUnit: Sendable {
  /// The asset's code, and the programme that defines the worth of its points, if any.
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

  /// Returns an amount of points, 0 for other units.
  func points(_ amount: Int64) -> Int64 {
    switch self {
    case .points: amount
    case .money: 0
    }
  }

  /// Returns an amount of money, nil for other units.
  func money(_ amount: Int64) -> CommonV1.Money? {
    switch self {
    case .points: nil
    case .money(_, let currencyCode): CommonV1.Money(currencyCode: currencyCode, minorUnits: amount)
    }
  }

  /// Returns the worth of an amount as a payment, nil if it pays for nothing.
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

/// The worth of points as a payment.
enum PointsWorth {
  /// Returns the worth of `points` if all were redeemed. Only whole multiples of the rule's points count. Clamped to
  /// the greatest amount.
  static func minorUnits(_ points: Int64, rule: LoyaltyV1.RedeemRule) -> Int64 {
    guard points > 0, rule.points > 0 else { return 0 }
    let (worth, overflow) = (points / rule.points).multipliedReportingOverflow(by: rule.minorUnits)
    return overflow ? .max : worth
  }
}
