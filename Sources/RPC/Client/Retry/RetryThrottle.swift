import Synchronization

/// Counts the failures and successes of a channel, so that a failing server does not get even more calls (gRFC A6,
/// "Throttling Retry Attempts and Hedged RPCs"). Thread-safe.
final class RetryThrottle: Sendable {
  /// In thousandths, because three decimal places count.
  private let maximum: Int
  private let reward: Int
  private let tokens: Atomic<Int>

  init(_ throttling: RetryThrottling) {
    maximum = max(0, throttling.maxTokens) * 1000
    reward = Self.thousandths(throttling.tokenRatio)
    tokens = Atomic(maximum)
  }

  /// Converts a ratio to thousandths, truncated after its third decimal place and clamped.
  static func thousandths(_ ratio: Double) -> Int {
    // Slightly more than written, because 0.57 * 1000 is 569.99…
    let value = ratio * 1000 + 1e-6
    return value >= 1 ? Int(min(value, 1_000_000)) : 0
  }

  /// Whether nothing may be repeated now.
  var isThrottled: Bool { tokens.load(ordering: .relaxed) <= maximum / 2 }

  /// Records a successful call.
  func succeeded() {
    change { min(maximum, $0 + reward) }
  }

  /// Records a failed attempt that a policy would repeat, or a server's request not to repeat.
  ///
  /// - Returns: Whether it may be repeated.
  func failed() -> Bool {
    change { max(0, $0 - 1000) }
    return !isThrottled
  }

  private func change(_ next: (Int) -> Int) {
    var current = tokens.load(ordering: .relaxed)
    while true {
      let desired = next(current)
      if desired == current { return }
      let (isExchanged, original) = tokens.weakCompareExchange(expected: current, desired: desired, ordering: .relaxed)
      if isExchanged { return }
      current = original
    }
  }
}
