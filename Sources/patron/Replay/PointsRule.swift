internal import PatronAPI

/// How many points a receipt earns, worked out here as well so that a replay can check the ledger.
struct PointsRule: Hashable, Sendable {
  var points: Int64
  var perMinorUnits: Int64
  var rounding: LoyaltyV1.Rounding

  init(_ rule: LoyaltyV1.EarnRule) {
    points = rule.points
    perMinorUnits = max(1, rule.perMinorUnits)
    rounding = rule.rounding
  }

  /// The points for what was paid.
  func points(for paidMinorUnits: Int64) -> Int64 {
    let product = paidMinorUnits * points
    let (whole, rest) = product.quotientAndRemainder(dividingBy: perMinorUnits)
    switch rounding {
    case .halfUp: return rest >= perMinorUnits - rest ? whole + 1 : whole
    case .up: return rest > 0 ? whole + 1 : whole
    default: return whole
    }
  }
}
