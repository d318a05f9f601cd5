import NIOCore

/// What a call with an ``AttemptPolicy`` keeps until it has settled on one attempt. Confined to the call's event loop.
final class AttemptPlan {
  private enum State {
    case retry(RetryState)
    case hedging(HedgingState)
  }

  private var state: State
  /// The streams that run beside the call's own, oldest first.
  var rivals: [CallAttempt] = []
  /// Runs until the time of the next attempt.
  var timer: Scheduled<Void>?

  init(_ policy: AttemptPolicy) {
    switch policy {
    case .retry(let policy): state = .retry(RetryState(policy))
    case .hedging(let policy): state = .hedging(HedgingState(policy))
    }
  }

  /// Attempts made before the next one, told to the server as `grpc-previous-rpc-attempts`.
  var previousAttempts: Int {
    switch state {
    case .retry(let state): state.previousAttempts
    case .hedging(let state): state.attempts
    }
  }

  /// Returns the time to the next attempt if there is to be one whatever becomes of this.
  func startedAttempt() -> Duration? {
    hedging { $0.startedAttempt() } ?? nil
  }

  func attemptWasNotHandled() {
    hedging { $0.attemptWasNotHandled() }
  }

  func couldNotStart(othersRun: Bool) {
    hedging { $0.couldNotStart(othersRun: othersRun) }
  }

  /// The time of the next attempt has come: whether it may be made.
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

  /// Nil when the policy is another.
  @discardableResult
  private func hedging<Result>(_ change: (inout HedgingState) -> Result) -> Result? {
    guard case .hedging(var hedging) = state else { return nil }
    defer { state = .hedging(hedging) }
    return change(&hedging)
  }
}

/// What follows from the failure of an attempt.
enum AttemptDecision: Sendable, Equatable {
  /// The call ends as the attempt did.
  case end
  /// Other attempts run; one of them decides.
  case wait
  case repeatNow
  case repeatAfter(Duration)
}

/// What bounds how calls are repeated, for all lanes of a channel together.
struct RepetitionLimits: Sendable {
  /// Nil when the service config sets none.
  let throttle: RetryThrottle?
  let replay: ReplayBudget

  init(_ configuration: ChannelConfiguration) {
    throttle = configuration.serviceConfig.retryThrottling.map { RetryThrottle($0) }
    replay = ReplayBudget(bytesMaximum: configuration.limits.replayBytesOfAllCalls)
  }
}
