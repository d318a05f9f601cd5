/// Where a call belongs in a trace (W3C Trace Context, level 1).
public struct TraceContext: Sendable, Hashable {
  /// The 16 bytes that name the whole trace, as two big-endian halves; never all zero.
  public var traceID: TraceID
  /// The 8 bytes that name this step; never zero.
  public var spanID: UInt64
  /// The 8 bytes that name the step above this one, zero when there is none or it is not known. Not sent: the step below
  /// learns ``spanID``.
  public var parentSpanID: UInt64 = 0
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

  /// A new trace, sampled by chance.
  ///
  /// - Parameter sampleRatio: The share of traces to sample, from 0 to 1. A trace's name decides, by its last 56 bits as
  ///   W3C Trace Context level 2 wants it, so that everybody who draws from the same names decides alike.
  public static func start(sampleRatio: Double, using random: inout some RandomNumberGenerator) -> TraceContext {
    var trace = start(using: &random)
    let chance = Double(trace.traceID.low & 0xff_ffff_ffff_ffff) / Double(1 << 56)
    if chance < sampleRatio { trace.flags |= 1 }
    return trace
  }

  /// A step below this one, in the same trace.
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

  /// Whether the caller may have recorded its step.
  public var isSampled: Bool { flags & 1 == 1 }
}
