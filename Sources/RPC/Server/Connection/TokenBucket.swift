import NIOCore

/// Allows a burst of events, and a number of further events each second.
///
/// An event costs a subtraction. Refills are computed only once the bucket is empty, so a peer that was quiet for long
/// may get twice the burst.
struct TokenBucket: Sendable, Hashable {
  private let burst: Int
  private let perSecond: Int
  private var tokens: Int
  private var filledAt: NIODeadline

  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  init(burst: Int, perSecond: Int, now: NIODeadline) {
    self.burst = burst
    self.perSecond = perSecond
    tokens = burst
    filledAt = now
  }

  /// Takes a token for an event.
  ///
  /// - Returns: False when it is one too many.
  mutating func take(now: NIODeadline) -> Bool {
    if tokens == 0 { refill(now: now) }
    guard tokens > 0 else { return false }
    tokens -= 1
    return true
  }

  /// Allows `count` events more, up to the burst.
  mutating func grant(_ count: Int) { tokens = min(burst, tokens + count) }

  private mutating func refill(now: NIODeadline) {
    guard perSecond > 0 else { return }
    let elapsed = max(0, (now - filledAt).nanoseconds)
    let (won, isFull) = elapsed.multipliedReportingOverflow(by: Int64(perSecond))
    if isFull || won / Self.nanosecondsPerSecond >= Int64(burst) {
      tokens = burst
      filledAt = now
    } else {
      let whole = won / Self.nanosecondsPerSecond
      tokens = Int(whole)
      // The fraction of a token counts towards the next.
      filledAt = now - .nanoseconds((won - whole * Self.nanosecondsPerSecond) / Int64(perSecond))
    }
  }
}
