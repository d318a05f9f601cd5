/// Decides whether and when a failed call is repeated (gRFC A6, "Retry Policy").
struct RetryState: Sendable {
  private let policy: RetryPolicy
  private let attemptsMaximum: Int
  /// Attempts that the policy followed with another.
  private(set) var previousAttempts = 0
  /// The upper bound of the next pause in seconds.
  private var backoff: Double

  init(_ policy: RetryPolicy) {
    self.policy = policy
    attemptsMaximum = min(policy.maxAttempts, AttemptPolicy.attemptsMaximum)
    backoff = Self.initialBackoff(policy)
  }

  /// Records a failed attempt. Precondition: the answer had not begun.
  mutating func failed(
    _ code: StatusCode,
    _ pushback: Pushback,
    throttle: RetryThrottle?,
    using random: inout some RandomNumberGenerator
  ) -> AttemptDecision {
    let isRetryable = policy.retryableStatusCodes.contains(code)
    let isCounted = isRetryable || pushback == .stop
    let isAllowed = !isCounted || throttle?.failed() ?? true
    guard isRetryable, isAllowed, pushback != .stop, previousAttempts + 1 < attemptsMaximum else { return .end }
    previousAttempts += 1
    if case .after(let pause) = pushback {
      backoff = Self.initialBackoff(policy)
      return .repeatAfter(pause)
    }
    let longest = backoff
    backoff = Self.limited(backoff * policy.backoffMultiplier, policy)
    return .repeatAfter(.seconds(longest * Double(random.next() >> 11) / Double(1 << 53)))
  }

  private static func initialBackoff(_ policy: RetryPolicy) -> Double {
    limited(policy.initialBackoff / .seconds(1), policy)
  }

  private static func limited(_ seconds: Double, _ policy: RetryPolicy) -> Double {
    let maximum = max(0, policy.maxBackoff / .seconds(1))
    return seconds < maximum ? max(0, seconds) : maximum
  }
}

/// A failing server's request to those who would repeat a call: `grpc-retry-pushback-ms` (gRFC A6, "Pushback").
enum Pushback: Sendable, Equatable {
  case none
  /// Repeat after this time.
  case after(Duration)
  /// Do not repeat: the server said so, or sent an invalid value.
  case stop

  init(_ trailers: Metadata) {
    let values = trailers.values(for: "grpc-retry-pushback-ms")
    guard let first = values.first else {
      self = .none
      return
    }
    // A signed 32-bit integer without needless zeros or signs.
    guard values.count == 1, case .string(let text) = first, let milliseconds = Int32(text), milliseconds >= 0,
      text == "\(milliseconds)"
    else {
      self = .stop
      return
    }
    self = .after(.milliseconds(milliseconds))
  }
}
