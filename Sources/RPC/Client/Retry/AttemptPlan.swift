import NIOCore

/// The state of a call with an ``AttemptPolicy`` until it has committed to one attempt. Confined to the call's event
/// loop.
final class AttemptPlan {
  private enum State {
    case retry(RetryState)
    case hedging(HedgingState)
  }

  private var state: State
  /// The streams that run beside the call's own, oldest first.
  var rivals: [CallAttempt] = []
  /// The timer of the next attempt.
  var timer: Scheduled<Void>?

  init(_ policy: AttemptPolicy) {
    switch policy {
    case .retry(let policy): state = .retry(RetryState(policy))
    case .hedging(let policy): state = .hedging(HedgingState(policy))
    }
  }

  /// Attempts before the next one, sent to the server as `grpc-previous-rpc-attempts`.
  var previousAttempts: Int {
    switch state {
    case .retry(let state): state.previousAttempts
    case .hedging(let state): state.attempts
    }
  }

  /// Records a started attempt. Returns the time to the next attempt if one follows regardless of this one's result.
  func startedAttempt() -> Duration? {
    hedging { $0.startedAttempt() } ?? nil
  }

  func attemptWasNotHandled() {
    hedging { $0.attemptWasNotHandled() }
  }

  func couldNotStart(othersRun: Bool) {
    hedging { $0.couldNotStart(othersRun: othersRun) }
  }

  /// Returns whether the next attempt may be made now that its time has come.
  func isDue(othersRun: Bool, throttle: RetryThrottle?) -> Bool {
    hedging { $0.isDue(othersRun: othersRun, throttle: throttle) } ?? true
  }

  func failed(
    _ outcome: AttemptOutcome,
    othersRun: Bool,
    throttle: RetryThrottle?,
    using random: inout some RandomNumberGenerator
  ) -> AttemptDecision {
    let pushback = Pushback(outcome.trailers)
    switch state {
    case .retry(var retry):
      defer { state = .retry(retry) }
      return retry.failed(outcome.code, pushback, throttle: throttle, using: &random)
    case .hedging(var hedging):
      defer { state = .hedging(hedging) }
      return hedging.failed(outcome.code, pushback, othersRun: othersRun, throttle: throttle)
    }
  }

  /// Changes the hedging state. Returns nil for another policy.
  @discardableResult
  private func hedging<Result>(_ change: (inout HedgingState) -> Result) -> Result? {
    guard case .hedging(var hedging) = state else { return nil }
    defer { state = .hedging(hedging) }
    return change(&hedging)
  }
}

/// The consequence of a failed attempt.
enum AttemptDecision: Sendable, Equatable {
  /// The call ends with the attempt's status.
  case end
  /// Other attempts are running and decide.
  case wait
  case repeatNow
  case repeatAfter(Duration)
}

/// The limits of repetition for all lanes of a channel together.
struct RepetitionLimits: Sendable {
  /// Nil when the service config sets none.
  let throttle: RetryThrottle?
  let replay: ReplayBudget

  init(_ configuration: ChannelConfiguration) {
    throttle = configuration.serviceConfig.retryThrottling.map { RetryThrottle($0) }
    replay = ReplayBudget(bytesMaximum: configuration.limits.replayBytesOfAllCalls)
  }
}
