/// What a response stream may bring, in which order, and which status it gives the call: headers, messages, trailers
/// (grpc/grpc doc/PROTOCOL-HTTP2.md, "Responses").
struct ResponseStateMachine: Sendable {
  private enum State: Sendable {
    case awaitingHeaders
    case receivingMessages
    case ended
  }

  /// Unary and client-streaming calls are answered by exactly one message.
  private let expectsOneMessage: Bool
  private var state = State.awaitingHeaders
  private var messages = 0

  init(expectsOneMessage: Bool) {
    self.expectsOneMessage = expectsOneMessage
  }

  enum HeadersAction: Sendable {
    case none
    /// The response headers: messages may follow.
    case open
    /// The call ended with its stream.
    case end(AttemptOutcome)
    /// The call ended, and the stream must be reset as it goes on.
    case endAndReset(AttemptOutcome)
  }

  /// A whole block of headers arrived. `insideMessage` tells that the messages so far stopped in the middle of one.
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

  /// The stream is closed. Nil when the call has ended already: a server may reset a stream after its trailers.
  mutating func closed(_ code: HTTP2ErrorCode, isPastDeadline: Bool, requestWasSent: Bool) -> AttemptOutcome? {
    if case .ended = state { return nil }
    state = .ended
    if code == .noError { return .violation("the server ended the stream without a status") }
    if code == .cancel, isPastDeadline {
      // The server's clock may fire first; the caller set one deadline and should see one status for it.
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

  /// The connection is gone. Nil when the call has ended already.
  mutating func lostConnection(_ error: RPCError, requestWasSent: Bool) -> AttemptOutcome? {
    if case .ended = state { return nil }
    state = .ended
    return .failure(error, processing: requestWasSent ? .possible : .neverSent)
  }

  /// The call was ended on this side: nothing that arrives later matters.
  mutating func abandon() {
    state = .ended
  }

  private mutating func end(with outcome: AttemptOutcome) -> AttemptOutcome {
    state = .ended
    guard expectsOneMessage, messages == 0, outcome.error == nil else { return outcome }
    return .violation("the server sent no message", .wrongCardinality)
  }
}
