/// How much of what a returned receipt earned is taken back.
enum ReturnPolicy: Sendable, Hashable {
  /// Only what is still pending.
  case pendingOnly
  /// What is still pending, then what the member can spend: never below zero.
  case withinBalance
  /// All of it: what the member can spend may fall to this floor, which is 0 or less.
  case negativeAllowed(floor: Int64)

  /// How much may be taken from a member who can spend `available`; never negative.
  func takes(fromAvailable available: Int64) -> Int64 {
    switch self {
    case .pendingOnly:
      return 0
    case .withinBalance:
      return max(0, available)
    case .negativeAllowed(let floor):
      // The smallest number has no positive counterpart that a debt could be.
      precondition(floor <= 0 && floor > .min, "a floor is 0 or less")
      let (room, overflow) = available.subtractingReportingOverflow(floor)
      return overflow ? .max : max(0, room)
    }
  }
}

/// What a return does to points.
struct ReturnRule: Sendable, Hashable {
  /// How much of what was earned is taken back.
  var policy: ReturnPolicy
  /// What becomes of redeemed points that are given back after their last day.
  var restore: RestoreRule
  /// Whether points of the sale that expired or were cancelled since are taken once more, of the member's other points.
  var takesGone = false

  static let lowestBalanceAllowed: ClosedRange<Int64> = -1_000_000_000_000...0
  static let graceDaysAllowed: ClosedRange<Int32> = 0...3_650

  /// What a programme begins with: never below zero, and what is over stays over.
  static let first = ReturnRule(policy: .withinBalance, restore: .expireAtOnce)
}

/// What happens to slices that are given back after their last day.
enum RestoreRule: Sendable, Hashable {
  /// They can be spent for `days` more days after the day of the return; 0 is to the end of that day.
  case grace(days: Int32)
  /// They come back, pay debt if there is any, and what is left of them expires at once.
  case expireAtOnce
}
