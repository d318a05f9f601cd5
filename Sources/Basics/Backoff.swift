/// How long to wait after failures in a row: a first wait, that grows with each further failure up to a longest one, and of
/// which chance takes a part, so that many who failed at one moment do not come back at one moment.
public struct Backoff: Sendable, Hashable {
  /// The wait after the first failure, before chance.
  public let first: Duration
  /// What each further failure multiplies the wait by.
  public let multiplier: Double
  /// The longest wait, before chance.
  public let maximum: Duration
  /// The factors that chance picks from.
  public let spread: ClosedRange<Double>
  /// How many failures there were in a row.
  public private(set) var failures = 0
  /// The wait after the next failure, before chance.
  private var current: Duration

  /// Makes a back-off without failures so far.
  ///
  /// - Parameters:
  ///   - first: The wait after the first failure; at most `maximum`, and never negative.
  ///   - multiplier: What each further failure multiplies the wait by.
  ///   - maximum: The longest wait.
  ///   - spread: The factors that chance picks from; 1 leaves nothing to it.
  public init(
    first: Duration,
    multiplier: Double = 2,
    maximum: Duration,
    spread: ClosedRange<Double> = 1...1
  ) {
    self.maximum = max(.zero, maximum)
    self.first = min(max(.zero, first), self.maximum)
    self.multiplier = multiplier
    self.spread = spread
    current = self.first
  }

  /// Counts a failure and returns the wait after it.
  ///
  /// - Parameter chance: 0 to 1; picks from ``spread``.
  public mutating func failed(chance: Double = 1) -> Duration {
    defer {
      failures += 1
      // No multiplier leads beyond the longest wait, however large it is.
      current = current > .zero && multiplier >= maximum / current ? maximum : current * multiplier
    }
    return scaled(current, chance)
  }

  /// Counts a failure and returns the wait after it.
  public mutating func failed(using random: inout some RandomNumberGenerator) -> Duration {
    failed(chance: Self.chance(&random))
  }

  /// Counts no failures any more.
  public mutating func succeeded() {
    failures = 0
    current = first
  }

  /// The wait after `failures` failures in a row, at least one, of a back-off that does not count them itself.
  public func wait(after failures: Int, chance: Double = 1) -> Duration {
    var backoff = Backoff(first: first, multiplier: multiplier, maximum: maximum, spread: spread)
    var earlier = failures - 1
    while earlier > 0, backoff.current < maximum {
      _ = backoff.failed()
      earlier -= 1
    }
    return backoff.failed(chance: chance)
  }

  /// The wait after `failures` failures in a row, at least one, of a back-off that does not count them itself.
  public func wait(after failures: Int, using random: inout some RandomNumberGenerator) -> Duration {
    wait(after: failures, chance: Self.chance(&random))
  }

  private func scaled(_ wait: Duration, _ chance: Double) -> Duration {
    let share = spread.lowerBound + (spread.upperBound - spread.lowerBound) * min(max(chance, 0), 1)
    return share == 1 ? wait : wait * share
  }

  /// From 0 to below 1, evenly.
  private static func chance(_ random: inout some RandomNumberGenerator) -> Double {
    Double(random.next() >> 11) / Double(1 << 53)
  }
}
