import NIOCore

/// Whether a connection has had no calls for so long that it may go.
///
/// Calls only leave a mark, which costs them nothing; the clock is read a few times in each period. So the end comes
/// after the period, and at most a quarter of it later.
struct Idleness: Sendable, Hashable {
  private static let checksPerPeriod = 4

  private let period: TimeAmount
  private var idleSince: NIODeadline
  private var wasUsed = false

  init(period: Duration, now: NIODeadline) {
    self.period = TimeAmount(period)
    idleSince = now
  }

  /// A call begins.
  mutating func used() { wasUsed = true }

  /// - Returns: whether there were no calls for the whole period.
  mutating func check(now: NIODeadline, hasCalls: Bool) -> Bool {
    if hasCalls || wasUsed {
      idleSince = now
      // A call that still runs may end right after this look.
      wasUsed = hasCalls
    }
    return now - idleSince >= period
  }

  /// When to look again, after `now`.
  func nextCheck(after now: NIODeadline) -> NIODeadline {
    now + TimeAmount.nanoseconds(max(1, period.nanoseconds / Int64(Self.checksPerPeriod)))
  }
}
