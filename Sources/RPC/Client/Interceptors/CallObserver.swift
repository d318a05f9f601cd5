/// Watches one call from its first attempt to its end.
///
/// Methods are called on the channel's event loop, one at a time, in the order in which things happen. They must be
/// quick and never block. A method that is not implemented does nothing.
public protocol CallObserver: Sendable {
  /// A stream was opened for the call: once, and again each time a server refused it unseen or an ``AttemptPolicy`` asks.
  func startedAttempt()
  /// Response headers arrived; the last attempt has begun to answer.
  func receivedHeaders(_ metadata: Metadata)
  func endedAttempt(_ summary: AttemptSummary)
  /// Called exactly once, last.
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

/// One attempt at a call, when it has ended.
public struct AttemptSummary: Sendable {
  /// How it ended; a refusal that the caller does not see is UNAVAILABLE, an attempt given up for another CANCELLED.
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
  /// How many streams were opened for it; none if it never got a connection.
  public var attempts: Int
  /// The trailing metadata.
  public var trailers: Metadata

  /// The status that the caller got.
  public var status: StatusCode { error?.code ?? .ok }
}
