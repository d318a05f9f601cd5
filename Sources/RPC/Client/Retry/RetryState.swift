/// Decides whether and when a call is sent again after a failure (gRFC A6, "Retry Policy").
struct RetryState: Sendable {
  private let policy: RetryPolicy
  private let attemptsMaximum: Int
  /// Attempts that were followed by another because of the policy.
  private(set) var previousAttempts = 0
  /// The longest that the next pause may be, in seconds.
  private var backoff: Double

  init(_ policy: RetryPolicy) {
    self.policy = policy
    attemptsMaximum = min(policy.maxAttempts, AttemptPolicy.attemptsMaximum)
    backoff = Self.initialBackoff(policy)
  }

  /// An attempt failed, and no answer had begun.
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

/// What a failing server asks of those who would repeat a call: `grpc-retry-pushback-ms` (gRFC A6, "Pushback").
enum Pushback: Sendable, Equatable {
  case none
  /// Not before this time is over.
  case after(Duration)
  /// Not at all: the server said so, or something that cannot be read.
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
