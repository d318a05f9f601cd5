import NIOCore

/// Detects a connection without calls for a whole period.
///
/// A call only sets a flag, which costs nothing. The clock is read a few times each period, so the end comes at most a
/// quarter of the period late.
struct Idleness: Sendable, Hashable {
  private static let checksPerPeriod = 4

  private let period: TimeAmount
  private var idleSince: NIODeadline
  private var wasUsed = false

  init(period: Duration, now: NIODeadline) {
    self.period = TimeAmount(period)
    idleSince = now
  }

  /// Records the start of a call.
  mutating func used() { wasUsed = true }

  /// - Returns: Whether there were no calls for the whole period.
  mutating func check(now: NIODeadline, hasCalls: Bool) -> Bool {
    if hasCalls || wasUsed {
      idleSince = now
      // A running call may end right after this check.
      wasUsed = hasCalls
    }
    return now - idleSince >= period
  }

  /// Returns when to check again after `now`.
  func nextCheck(after now: NIODeadline) -> NIODeadline {
    now + TimeAmount.nanoseconds(max(1, period.nanoseconds / Int64(Self.checksPerPeriod)))
  }
}
