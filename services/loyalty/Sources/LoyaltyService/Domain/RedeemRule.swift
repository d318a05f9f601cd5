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
