/// How a call may be sent more than once although a server can have acted on it (gRFC A6). Only for idempotent methods,
/// or for statuses that mean that the method did not run.
public enum AttemptPolicy: Sendable, Hashable {
  /// Sends attempts one after another, each after the failure of the previous one.
  case retry(RetryPolicy)
  /// Sends attempts without waiting for an answer.
  case hedging(HedgingPolicy)

  /// No call is sent more often, whatever its policy (gRFC A6, "Limits on Retries and Hedges").
  static let attemptsMaximum = 5
}

/// When a failed call is sent again (gRFC A6, "Retry Policy").
///
/// The pause before the n-th repetition is uniformly distributed between zero and
/// `min(initialBackoff * backoffMultiplier^(n-1), maxBackoff)`, unless the server sends one (`grpc-retry-pushback-ms`).
public struct RetryPolicy: Sendable, Hashable {
  /// The greatest number of attempts including the first. More than 5 count as 5.
  public var maxAttempts: Int
  /// The longest pause before the first repetition.
  public var initialBackoff: Duration
  /// The longest pause before any repetition.
  public var maxBackoff: Duration
  /// The factor from one repetition's pause to the next.
  public var backoffMultiplier: Double
  /// The statuses after which the call is repeated.
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

/// How a call is sent several times at once. The first answer counts, and the others are cancelled (gRFC A6, "Hedging
/// Policy").
public struct HedgingPolicy: Sendable, Hashable {
  /// The greatest number of attempts including the first. More than 5 count as 5.
  public var maxAttempts: Int
  /// The time between two attempts. Zero sends all at once.
  public var hedgingDelay: Duration
  /// The statuses after which others may still succeed: the next attempt is made at once. Any other status ends the
  /// call.
  public var nonFatalStatusCodes: Set<StatusCode>

  /// Makes a policy. Omitted parameters have gRPC's defaults.
  public init(maxAttempts: Int, hedgingDelay: Duration = .zero, nonFatalStatusCodes: Set<StatusCode> = []) {
    self.maxAttempts = maxAttempts
    self.hedgingDelay = hedgingDelay
    self.nonFatalStatusCodes = nonFatalStatusCodes
  }
}
