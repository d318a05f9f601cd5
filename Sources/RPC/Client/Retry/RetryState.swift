import Basics

/// Decides whether and when a failed call is repeated (gRFC A6, "Retry Policy").
struct RetryState: Sendable {
  private let policy: RetryPolicy
  private let attemptsMaximum: Int
  /// Attempts that the policy followed with another.
  private(set) var previousAttempts = 0
  private var backoff: Backoff

  init(_ policy: RetryPolicy) {
    self.policy = policy
    attemptsMaximum = min(policy.maxAttempts, AttemptPolicy.attemptsMaximum)
    backoff = Backoff(
      first: policy.initialBackoff,
      multiplier: policy.backoffMultiplier,
      maximum: policy.maxBackoff,
      spread: 0...1
    )
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
      backoff.succeeded()
      return .repeatAfter(pause)
    }
    return .repeatAfter(backoff.failed(using: &random))
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
