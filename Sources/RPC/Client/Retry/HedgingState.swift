/// Decides when a call is sent another time while it waits for its first answer (gRFC A6, "Hedging Policy").
struct HedgingState: Sendable {
  private let policy: HedgingPolicy
  private let attemptsMaximum: Int
  /// Attempts that were made.
  private(set) var attempts = 0
  /// No more are made: the server or the throttle said so.
  private var isFrozen = false

  init(_ policy: HedgingPolicy) {
    self.policy = policy
    attemptsMaximum = min(policy.maxAttempts, AttemptPolicy.attemptsMaximum)
  }

  private var mayGrow: Bool { !isFrozen && attempts < attemptsMaximum }

  /// An attempt was made. Returns the time to the next; nil when it is the last.
  mutating func startedAttempt() -> Duration? {
    attempts += 1
    return mayGrow ? policy.hedgingDelay : nil
  }

  /// No server handled an attempt; it is made again and does not count.
  mutating func attemptWasNotHandled() {
    attempts -= 1
  }

  /// No connection could be had for another attempt.
  mutating func couldNotStart(othersRun: Bool) {
    attempts += 1
    if othersRun { isFrozen = true }
  }

  /// The time of the next attempt has come. Returns whether it may be made. The throttle keeps back only what is sent
  /// beside another attempt: whether to go on after the last failure was asked when it happened.
  mutating func isDue(othersRun: Bool, throttle: RetryThrottle?) -> Bool {
    if othersRun, throttle?.isThrottled == true { isFrozen = true }
    return mayGrow
  }

  /// An attempt failed, and no answer had begun to any.
  mutating func failed(
    _ code: StatusCode,
    _ pushback: Pushback,
    othersRun: Bool,
    throttle: RetryThrottle?
  ) -> AttemptDecision {
    let isFatal = !policy.nonFatalStatusCodes.contains(code)
    if !isFatal || pushback == .stop, throttle?.failed() == false { isFrozen = true }
    if pushback == .stop { isFrozen = true }
    if isFatal { return .end }
    guard mayGrow else { return othersRun ? .wait : .end }
    if case .after(let pause) = pushback { return .repeatAfter(pause) }
    return .repeatNow
  }
}
