/// How points are earned: `points` for every `perMinorUnits` paid, in proportion, rounded once per receipt.
struct EarnRule: Sendable, Hashable {
  /// Points earned for every `perMinorUnits`, 0 to 1,000,000.
  var points: Int64
  /// The amount that earns them, in the currency's smallest unit, 1 to 1,000,000,000.
  var perMinorUnits: Int64
  /// What to do with the fraction.
  var rounding: PointsRounding

  static let pointsAllowed: ClosedRange<Int64> = 0...1_000_000
  static let perMinorUnitsAllowed: ClosedRange<Int64> = 1...1_000_000_000

  /// Points that a payment earns. The product is taken in 128 bits; only a result that does not fit is refused.
  func points(earnedOn payableMinorUnits: Int64) throws(PostingRefusal) -> Int64 {
    let exact = rounding.quotient(Int128(payableMinorUnits) * Int128(points), by: Int128(perMinorUnits))
    guard let earned = Int64(exactly: exact) else { throw .tooLarge(.pointsEarned) }
    return earned
  }
}

/// What points are worth when spent: `points` pay `minorUnits`.
struct RedeemRule: Sendable, Hashable {
  /// How many points; what is redeemed on a receipt is a multiple of it. 1 to 1,000,000.
  var points: Int64
  /// What they pay, in the currency's smallest unit, 1 to 1,000,000,000.
  var minorUnits: Int64

  static let pointsAllowed: ClosedRange<Int64> = 1...1_000_000
  static let minorUnitsAllowed: ClosedRange<Int64> = 1...1_000_000_000

  /// What `redeemed` points pay, exactly: there is never a fraction, because only multiples are accepted.
  func minorUnits(for redeemed: Int64) throws(PostingRefusal) -> Int64 {
    guard redeemed >= 0, redeemed.isMultiple(of: points) else {
      throw .pointsNotMultiple(redeemed: redeemed, multiple: points)
    }
    let (paid, overflow) = (redeemed / points).multipliedReportingOverflow(by: minorUnits)
    guard !overflow else { throw .tooLarge(.pointsDiscount) }
    return paid
  }
}

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
