/// How much of what a returned receipt earned is taken back.
enum ReturnPolicy: Sendable, Hashable {
  /// Only what is still pending.
  case pendingOnly
  /// What is still pending, then what the member can spend: never below zero.
  case withinBalance
  /// All of it: what the member can spend may fall to this floor, which is 0 or less.
  case negativeAllowed(floor: Int64)

  /// How much may be taken from a member who can spend so much; never negative.
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
