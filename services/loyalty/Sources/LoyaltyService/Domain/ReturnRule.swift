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
