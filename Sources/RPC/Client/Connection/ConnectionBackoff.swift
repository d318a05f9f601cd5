/// How long a channel waits between attempts to connect (grpc/grpc doc/connection-backoff.md).
public struct BackoffConfiguration: Sendable, Hashable {
  /// The pause after the first failure.
  public var initial: Duration
  /// Each further failure multiplies the pause by this.
  public var multiplier: Double
  /// The longest pause before jitter.
  public var maximum: Duration
  /// The share of a pause by which chance lengthens or shortens it, so that clients of a restarted server spread out.
  public var jitter: Double
  /// The least time that an attempt to connect gets, the peer's SETTINGS frame included.
  public var minimumConnectTimeout: Duration

  /// Makes a configuration; whatever is not given has the value of the specification.
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

  /// 1 s, times 1.6, up to 120 s, ±20%, as the specification says.
  public static let defaults = BackoffConfiguration()
}

/// The pauses of one address: they grow with every failure and start again after a success.
struct ConnectionBackoff: Sendable {
  private let configuration: BackoffConfiguration
  private var current: Duration

  init(_ configuration: BackoffConfiguration) {
    self.configuration = configuration
    self.current = configuration.initial
  }

  /// The time from the start of the attempt that failed to the start of the next one.
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
