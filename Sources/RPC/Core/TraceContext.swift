/// The position of a call in a trace (W3C Trace Context, level 1).
public struct TraceContext: Sendable, Hashable {
  /// The ID of the whole trace as two big-endian halves, never all zero.
  public var traceID: TraceID
  /// The ID of this span, never zero.
  public var spanID: UInt64
  /// The ID of the parent span, zero when there is none or it is unknown. Not sent: the child receives ``spanID``.
  public var parentSpanID: UInt64 = 0
  /// Bit 0: the caller may have recorded its span.
  public var flags: UInt8
  /// Vendors' data, forwarded unchanged (`tracestate`).
  public var state: String

  /// The ID of a whole trace.
  public struct TraceID: Sendable, Hashable {
    /// The first eight bytes.
    public var high: UInt64
    /// The last eight bytes.
    public var low: UInt64

    /// Makes an ID from its halves.
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

  /// Starts a new trace, not sampled unless `flags` says so.
  public static func start(flags: UInt8 = 0, using random: inout some RandomNumberGenerator) -> TraceContext {
    TraceContext(
      traceID: TraceID(high: random.next(), low: nonZero(&random)),
      spanID: nonZero(&random),
      flags: flags
    )
  }

  /// Starts a new trace that is sampled at random.
  ///
  /// - Parameter sampleRatio: The fraction of sampled traces, from 0 to 1. The last 56 bits of the trace's ID decide,
  ///   as in W3C Trace Context level 2, so that all who sample by the same ID decide alike.
  public static func start(sampleRatio: Double, using random: inout some RandomNumberGenerator) -> TraceContext {
    var trace = start(using: &random)
    let chance = Double(trace.traceID.low & 0xff_ffff_ffff_ffff) / Double(1 << 56)
    if chance < sampleRatio { trace.flags |= 1 }
    return trace
  }

  /// Makes a child span in the same trace.
  public func child(using random: inout some RandomNumberGenerator) -> TraceContext {
    var child = self
    child.parentSpanID = spanID
    child.spanID = Self.nonZero(&random)
    return child
  }

  private static func nonZero(_ random: inout some RandomNumberGenerator) -> UInt64 {
    let value: UInt64 = random.next()
    return value == 0 ? 1 : value
  }

  /// Whether the caller may have recorded its span.
  public var isSampled: Bool { flags & 1 == 1 }
}
