/// Where a call belongs in a trace (W3C Trace Context, level 1).
public struct TraceContext: Sendable, Hashable {
  /// The 16 bytes that name the whole trace, as two big-endian halves; never all zero.
  public var traceID: TraceID
  /// The 8 bytes that name this step; never zero.
  public var spanID: UInt64
  /// Bit 0: the caller may have recorded its step.
  public var flags: UInt8
  /// Vendors' data, passed on untouched (`tracestate`).
  public var state: String

  /// The name of a whole trace.
  public struct TraceID: Sendable, Hashable {
    /// The first eight bytes.
    public var high: UInt64
    /// The last eight bytes.
    public var low: UInt64

    /// Makes a name from its halves.
    public init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }
  }

  /// Makes a context.
  public init(traceID: TraceID, spanID: UInt64, flags: UInt8 = 0, state: String = "") {
    self.traceID = traceID
    self.spanID = spanID
    self.flags = flags
    self.state = state
  }

  /// A new trace, not sampled unless `flags` says so.
  public static func start(flags: UInt8 = 0, using random: inout some RandomNumberGenerator) -> TraceContext {
    TraceContext(
      traceID: TraceID(high: random.next(), low: nonZero(&random)),
      spanID: nonZero(&random),
      flags: flags
    )
  }

  /// A step below this one, in the same trace.
  public func child(using random: inout some RandomNumberGenerator) -> TraceContext {
    var child = self
    child.spanID = Self.nonZero(&random)
    return child
  }

  private static func nonZero(_ random: inout some RandomNumberGenerator) -> UInt64 {
    let value: UInt64 = random.next()
    return value == 0 ? 1 : value
  }

  /// Whether the caller may have recorded its step.
  public var isSampled: Bool { flags & 1 == 1 }
}
