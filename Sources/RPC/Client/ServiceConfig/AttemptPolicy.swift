/// How a call may be sent more than once though a server can have acted on it (gRFC A6). Only for methods that may run
/// twice without harm, or for statuses that say that they did not run.
public enum AttemptPolicy: Sendable, Hashable {
  /// One after the other, each after the failure of the one before.
  case retry(RetryPolicy)
  /// Without waiting for an answer.
  case hedging(HedgingPolicy)

  /// No call is sent more often, whatever its policy says (gRFC A6, "Limits on Retries and Hedges").
  static let attemptsMaximum = 5
}

/// When a failed call is sent again (gRFC A6, "Retry Policy").
///
/// The pause before the n-th repetition is chosen evenly between zero and
/// `min(initialBackoff * backoffMultiplier^(n-1), maxBackoff)`, unless the server names one (`grpc-retry-pushback-ms`).
public struct RetryPolicy: Sendable, Hashable {
  /// How often the call is sent at most, the first time included; more than 5 counts as 5.
  public var maxAttempts: Int
  /// The longest pause before the first repetition.
  public var initialBackoff: Duration
  /// The longest pause before any repetition.
  public var maxBackoff: Duration
  /// How the pause grows from one repetition to the next.
  public var backoffMultiplier: Double
  /// The statuses after which the call is sent again.
  public var retryableStatusCodes: Set<StatusCode>

  /// Makes a policy.
  public init(
    maxAttempts: Int,
    initialBackoff: Duration,
    maxBackoff: Duration,
    backoffMultiplier: Double,
    retryableStatusCodes: Set<StatusCode>
  ) {
    self.maxAttempts = maxAttempts
    self.initialBackoff = initialBackoff
    self.maxBackoff = maxBackoff
    self.backoffMultiplier = backoffMultiplier
    self.retryableStatusCodes = retryableStatusCodes
  }
}

/// How a call is sent several times at once; the first answer counts, and the others are cancelled
/// (gRFC A6, "Hedging Policy").
public struct HedgingPolicy: Sendable, Hashable {
  /// How often the call is sent at most, the first time included; more than 5 counts as 5.
  public var maxAttempts: Int
  /// The time from one sending to the next; zero sends all at once.
  public var hedgingDelay: Duration
  /// The statuses after which others may still succeed: the next is sent without delay. Any other ends the call.
  public var nonFatalStatusCodes: Set<StatusCode>

  /// Makes a policy; whatever is not given has the default of gRPC.
  public init(maxAttempts: Int, hedgingDelay: Duration = .zero, nonFatalStatusCodes: Set<StatusCode> = []) {
    self.maxAttempts = maxAttempts
    self.hedgingDelay = hedgingDelay
    self.nonFatalStatusCodes = nonFatalStatusCodes
  }
}
