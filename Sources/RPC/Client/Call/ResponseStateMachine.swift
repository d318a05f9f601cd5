/// Validates a response stream and derives the call's status: headers, messages, trailers (grpc/grpc
/// doc/PROTOCOL-HTTP2.md, "Responses").
struct ResponseStateMachine: Sendable {
  private enum State: Sendable {
    case awaitingHeaders
    case receivingMessages
    case ended
  }

  /// Whether exactly one message must answer: in unary and client-streaming calls.
  private let expectsOneMessage: Bool
  private var state = State.awaitingHeaders
  private var messages = 0

  init(expectsOneMessage: Bool) {
    self.expectsOneMessage = expectsOneMessage
  }

  enum HeadersAction: Sendable {
    case none
    /// The response headers. Messages may follow.
    case open
    /// The call ended with its stream.
    case end(AttemptOutcome)
    /// The call ended, and the stream must be reset because it continues.
    case endAndReset(AttemptOutcome)
  }

  /// Handles a complete block of headers. `insideMessage`: whether the data so far ends inside a message.
  mutating func received(
    _ block: ResponseHeaderBlock,
    endsStream: Bool,
    insideMessage: Bool = false
  ) -> HeadersAction {
    switch state {
    case .awaitingHeaders:
      if block.isInformational { return .none }
      if endsStream { return .end(end(with: block.outcome)) }
      guard block.isGRPC else {
        state = .ended
        return .endAndReset(block.outcomeWithoutStatus)
      }
      state = .receivingMessages
      return .open
    case .receivingMessages:
      guard endsStream else {
        state = .ended
        return .endAndReset(.violation("the server sent headers in the middle of its messages"))
      }
      let outcome = block.outcome
      if insideMessage, outcome.error == nil {
        state = .ended
        return .end(.violation("the response ended in the middle of a message", .malformedMessage))
      }
      return .end(end(with: outcome))
    case .ended:
      return .none
    }
  }

  enum MessageAction: Sendable {
    case none
    case deliver
    case endAndReset(AttemptOutcome)
  }

  mutating func receivedMessage() -> MessageAction {
    guard case .receivingMessages = state else { return .none }
    messages += 1
    guard expectsOneMessage, messages > 1 else { return .deliver }
    state = .ended
    return .endAndReset(.violation("the server sent more than one message", .wrongCardinality))
  }

  /// Handles the end of the stream. Returns nil when the call has ended: a server may reset a stream after its
  /// trailers.
  mutating func closed(_ code: HTTP2ErrorCode, isPastDeadline: Bool, requestWasSent: Bool) -> AttemptOutcome? {
    if case .ended = state { return nil }
    state = .ended
    if code == .noError { return .violation("the server ended the stream without a status") }
    if code == .cancel, isPastDeadline {
      // The server's clock may be first. The caller set one deadline and should see one status for it.
      return .failure(RPCError(.deadlineExceeded, .deadlineExceeded, "the server ended the call at its deadline"))
    }
    let error = RPCError(
      StatusCode(http2ErrorCode: code),
      .streamReset,
      "the stream was reset with \(code)",
      info: ["http2_error": "\(code)"]
    )
    guard requestWasSent else { return .failure(error, processing: .neverSent) }
    return .failure(error, processing: code == .refusedStream ? .refused : .possible)
  }

  /// Handles the loss of the connection. Returns nil when the call has ended.
  mutating func lostConnection(_ error: RPCError, requestWasSent: Bool) -> AttemptOutcome? {
    if case .ended = state { return nil }
    state = .ended
    return .failure(error, processing: requestWasSent ? .possible : .neverSent)
  }

  /// Ends the call on this side. Later events are ignored.
  mutating func abandon() {
    state = .ended
  }

  private mutating func end(with outcome: AttemptOutcome) -> AttemptOutcome {
    state = .ended
    guard expectsOneMessage, messages == 0, outcome.error == nil else { return outcome }
    return .violation("the server sent no message", .wrongCardinality)
  }
}
