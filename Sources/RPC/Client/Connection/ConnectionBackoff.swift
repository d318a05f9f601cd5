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

/// The pauses of one address, which grow with every failure and restart after a success.
struct ConnectionBackoff: Sendable {
  private let configuration: BackoffConfiguration
  private var current: Duration

  init(_ configuration: BackoffConfiguration) {
    self.configuration = configuration
    self.current = configuration.initial
  }

  /// Returns the time from the start of the failed attempt to the start of the next one.
  mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
    let base = current
    current = min(base * configuration.multiplier, configuration.maximum)
    let chance = Double(random.next() >> 11) / Double(1 << 53)
    return base * (1 + configuration.jitter * (2 * chance - 1))
  }

  mutating func reset() {
    current = configuration.initial
  }
}
