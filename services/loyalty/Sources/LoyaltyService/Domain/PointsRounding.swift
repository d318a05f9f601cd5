/// What to do with a fraction of a point. The raw value is what the store keeps.
enum PointsRounding: Int16, Sendable, Hashable, CaseIterable {
  /// Drop the fraction.
  case down = 1
  /// Half a point and more becomes a point.
  case halfUp = 2
  /// Any fraction becomes a point.
  case up = 3

  /// `numerator / denominator`, rounded this way. Neither is negative, and the denominator is not zero.
  func quotient(_ numerator: Int128, by denominator: Int128) -> Int128 {
    let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    switch self {
    case .down: return whole
    case .halfUp: return rest >= denominator - rest ? whole + 1 : whole
    case .up: return rest > 0 ? whole + 1 : whole
    }
  }
}
