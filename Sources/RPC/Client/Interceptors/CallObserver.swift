/// Watches one call from its first attempt to its end.
///
/// Methods are called on the channel's event loop, one at a time, in the order in which things happen. They must be
/// quick and never block. A method that is not implemented does nothing.
public protocol CallObserver: Sendable {
  /// A stream was opened for the call: once, and again each time a server refused it unseen or a retry policy asks.
  func startedAttempt()
  /// Response headers arrived; the last attempt has begun to answer.
  func receivedHeaders(_ metadata: Metadata)
  func endedAttempt(_ summary: AttemptSummary)
  /// Called exactly once, last.
  func ended(_ summary: CallSummary)
}

extension CallObserver {
  public func startedAttempt() {}
  public func receivedHeaders(_ metadata: Metadata) {}
  public func endedAttempt(_ summary: AttemptSummary) {}
  public func ended(_ summary: CallSummary) {}
}

/// One attempt at a call, when it has ended.
public struct AttemptSummary: Sendable {
  public var status: StatusCode
  /// From opening the stream to its end.
  public var duration: Duration
  /// Message bytes as sent, compressed if they were, without framing.
  public var sentMessageBytes: Int
  /// Message bytes as received, compressed if they were, without framing.
  public var receivedMessageBytes: Int
}

/// A call, when it has ended.
public struct CallSummary: Sendable {
  /// Nil when the status is OK.
  public var error: RPCError?
  /// From the start of the call to its end, waiting included.
  public var duration: Duration
  public var attempts: Int
  public var trailers: Metadata

  public var status: StatusCode { error?.code ?? .ok }
}
