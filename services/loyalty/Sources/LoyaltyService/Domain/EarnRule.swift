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
