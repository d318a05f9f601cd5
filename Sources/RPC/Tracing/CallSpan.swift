/// One call, made or served, as a finished step of a trace: what OpenTelemetry calls a span.
public struct CallSpan: Sendable, Hashable {
  /// Which side of the call recorded it.
  public enum Side: Sendable, Hashable {
    /// The call was served.
    case server
    /// The call was made.
    case client
  }

  /// The step's place in its trace.
  public var trace: TraceContext
  /// Which side of the call recorded it.
  public var side: Side
  /// What was called; nil for a method that the server does not have, whose name anybody can make up.
  public var method: MethodDescriptor?
  /// When it began, in nanoseconds since 1970-01-01T00:00:00Z.
  public var startUnixNanoseconds: UInt64
  /// When it ended, in nanoseconds since 1970-01-01T00:00:00Z.
  public var endUnixNanoseconds: UInt64
  /// How it ended.
  public var status: StatusCode

  /// Makes a span.
  public init(
    trace: TraceContext,
    side: Side,
    method: MethodDescriptor?,
    startUnixNanoseconds: UInt64,
    endUnixNanoseconds: UInt64,
    status: StatusCode
  ) {
    self.trace = trace
    self.side = side
    self.method = method
    self.startUnixNanoseconds = startUnixNanoseconds
    self.endUnixNanoseconds = endUnixNanoseconds
    self.status = status
  }
}

/// Takes the spans of sampled calls, somewhere else than where they are looked at.
public protocol CallSpanRecorder: Sendable {
  /// A call has ended. Called on the call's own path, often on an event loop: it must be quick and never block.
  func record(_ span: CallSpan)
}
