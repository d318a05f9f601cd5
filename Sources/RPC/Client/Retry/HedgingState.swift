/// Decides when a call is repeated while it waits for its first answer (gRFC A6, "Hedging Policy").
struct HedgingState: Sendable {
  private let policy: HedgingPolicy
  private let attemptsMaximum: Int
  /// Attempts made.
  private(set) var attempts = 0
  /// Whether no more attempts are made, because the server or the throttle said so.
  private var isFrozen = false

  init(_ policy: HedgingPolicy) {
    self.policy = policy
    attemptsMaximum = min(policy.maxAttempts, AttemptPolicy.attemptsMaximum)
  }

  private var mayGrow: Bool { !isFrozen && attempts < attemptsMaximum }

  /// Records a started attempt. Returns the time to the next, nil when it is the last.
  mutating func startedAttempt() -> Duration? {
    attempts += 1
    return mayGrow ? policy.hedgingDelay : nil
  }

  /// Records that no server handled an attempt, which is repeated and does not count.
  mutating func attemptWasNotHandled() {
    attempts -= 1
  }

  /// Records that there was no connection for another attempt.
  mutating func couldNotStart(othersRun: Bool) {
    attempts += 1
    if othersRun { isFrozen = true }
  }

  /// Returns whether an attempt may be made now that its time has come. The throttle blocks only attempts beside
  /// another one. Whether to continue after the last failure was decided when it happened.
  mutating func isDue(othersRun: Bool, throttle: RetryThrottle?) -> Bool {
    if othersRun, throttle?.isThrottled == true { isFrozen = true }
    return mayGrow
  }

  /// Records a failed attempt. Precondition: no attempt had begun to be answered.
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
