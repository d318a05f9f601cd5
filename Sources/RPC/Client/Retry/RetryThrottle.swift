import Synchronization

/// Counts the failures and successes of a channel, so that a server in trouble is not asked even more often
/// (gRFC A6, "Throttling Retry Attempts and Hedged RPCs"). For any thread.
final class RetryThrottle: Sendable {
  /// In thousandths, as three decimal places count.
  private let maximum: Int
  private let reward: Int
  private let tokens: Atomic<Int>

  init(_ throttling: RetryThrottling) {
    maximum = max(0, throttling.maxTokens) * 1000
    reward = Self.thousandths(throttling.tokenRatio)
    tokens = Atomic(maximum)
  }

  /// A ratio cut after its third decimal place, and to what a count can hold at most.
  static func thousandths(_ ratio: Double) -> Int {
    // A little more than was written, as 0.57 * 1000 is 569.99…
    let value = ratio * 1000 + 1e-6
    return value >= 1 ? Int(min(value, 1_000_000)) : 0
  }

  /// Whether nothing may be repeated now.
  var isThrottled: Bool { tokens.load(ordering: .relaxed) <= maximum / 2 }

  /// A call succeeded.
  func succeeded() {
    change { min(maximum, $0 + reward) }
  }

  /// An attempt failed in a way that a policy would repeat, or the server asked for no repetition.
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
