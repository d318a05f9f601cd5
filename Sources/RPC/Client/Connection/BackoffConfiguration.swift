import Basics

/// The pauses between attempts to connect (grpc/grpc doc/connection-backoff.md).
public struct BackoffConfiguration: Sendable, Hashable {
  /// The pause after the first failure.
  public var initial: Duration
  /// The factor of the pause after each further failure.
  public var multiplier: Double
  /// The longest pause before jitter.
  public var maximum: Duration
  /// The fraction by which a pause is randomly lengthened or shortened, so that the clients of a restarted server
  /// spread out.
  public var jitter: Double
  /// The shortest time for an attempt to connect, including the peer's SETTINGS frame.
  public var minimumConnectTimeout: Duration

  /// Makes a configuration. Omitted parameters have the values of the specification.
  public init(
    initial: Duration = .seconds(1),
    multiplier: Double = 1.6,
    maximum: Duration = .seconds(120),
    jitter: Double = 0.2,
    minimumConnectTimeout: Duration = .seconds(20)
  ) {
    self.initial = initial
    self.multiplier = multiplier
    self.maximum = maximum
    self.jitter = jitter
    self.minimumConnectTimeout = minimumConnectTimeout
  }

  /// 1 s, times 1.6, up to 120 s, ±20%, as specified.
  public static let defaults = BackoffConfiguration()
}

extension Backoff {
  /// The waits between attempts to connect to one address.
  init(_ configuration: BackoffConfiguration) {
    let share = abs(configuration.jitter)
    self.init(
      first: configuration.initial,
      multiplier: configuration.multiplier,
      maximum: configuration.maximum,
      spread: (1 - share)...(1 + share)
    )
  }
}
