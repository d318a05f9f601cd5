/// Observes one call from its first attempt to its end.
///
/// Methods run on the channel's event loop, one at a time and in order. They must be quick and never block. The default
/// implementations do nothing.
public protocol CallObserver: Sendable {
  /// Records a new stream of the call: the first, and each repetition.
  func startedAttempt()
  /// Records the response headers. The last attempt has begun to answer.
  func receivedHeaders(_ metadata: Metadata)
  func endedAttempt(_ summary: AttemptSummary)
  /// Records the end of the call. Called exactly once, last.
  func ended(_ summary: CallSummary)
}

extension CallObserver {
  /// Does nothing.
  public func startedAttempt() {}
  /// Does nothing.
  public func receivedHeaders(_ metadata: Metadata) {}
  /// Does nothing.
  public func endedAttempt(_ summary: AttemptSummary) {}
  /// Does nothing.
  public func ended(_ summary: CallSummary) {}
}

/// A finished attempt at a call.
public struct AttemptSummary: Sendable {
  /// The status. A refusal that the caller does not see is UNAVAILABLE, an attempt abandoned for another is CANCELLED.
  public var status: StatusCode
  /// The time from opening the stream to its end.
  public var duration: Duration
  /// Message bytes as sent, compressed if they were, without framing.
  public var sentMessageBytes: Int
  /// Message bytes as received, compressed if they were, without framing.
  public var receivedMessageBytes: Int
}

/// A finished call.
public struct CallSummary: Sendable {
  /// Nil when the status is OK.
  public var error: RPCError?
  /// The time from the start of the call to its end, including waiting.
  public var duration: Duration
  /// The number of streams opened for it, 0 if it never got a connection.
  public var attempts: Int
  /// The trailing metadata.
  public var trailers: Metadata

  /// The status that the caller received.
  public var status: StatusCode { error?.code ?? .ok }
}
