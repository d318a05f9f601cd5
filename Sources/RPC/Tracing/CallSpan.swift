import Basics

/// A finished call, made or served: a span of OpenTelemetry.
public struct CallSpan: Sendable, Hashable {
  /// The side of the call that recorded it.
  public enum Side: Sendable, Hashable {
    /// The call was served.
    case server
    /// The call was made.
    case client
  }

  /// The span in its trace.
  public var trace: TraceContext
  /// The side of the call that recorded it.
  public var side: Side
  /// The called method, nil for one that the server does not have, because its name is a client's choice.
  public var method: MethodDescriptor?
  /// The start in nanoseconds since 1970-01-01T00:00:00Z.
  public var startUnixNanoseconds: UInt64
  /// The end in nanoseconds since 1970-01-01T00:00:00Z.
  public var endUnixNanoseconds: UInt64
  /// The call's status.
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

/// Receives the spans of sampled calls for export elsewhere.
public protocol CallSpanRecorder: Sendable {
  /// Records a finished call. Runs on the call's path, often on an event loop, so it must be quick and never block.
  func record(_ span: CallSpan)
}

extension CallSpan {
  /// Of a call that ends now. Its beginning is counted back by the clock that never jumps.
  init(
    ending trace: TraceContext,
    side: Side,
    method: MethodDescriptor?,
    lasting nanoseconds: Int64,
    status: StatusCode
  ) {
    let end = UnixClock.nanoseconds
    self.init(
      trace: trace,
      side: side,
      method: method,
      startUnixNanoseconds: end - min(end, UInt64(clamping: nanoseconds)),
      endUnixNanoseconds: end,
      status: status
    )
  }
}
