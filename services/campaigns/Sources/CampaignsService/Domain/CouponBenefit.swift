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
