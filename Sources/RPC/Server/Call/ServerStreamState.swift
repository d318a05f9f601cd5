/// The life of one call on the server: its request, its answer, and its handler.
///
/// The connection passes events and executes the returned actions. No I/O.
struct ServerStreamState: Sendable {
  private enum Handler: Sendable { case waiting, running, ended }
  private enum Answer: Sendable { case none, begun, complete }

  /// The action for an event of the client.
  enum RequestAction: Sendable, Equatable {
    case none
    /// Start the handler, because everything it needs has arrived.
    case startHandler
    /// Resume a waiting reader.
    case wakeReader
    /// Fail the call, because the request violates the method's cardinality.
    case fail(WrongRequest)
  }

  enum WrongRequest: Sendable, Equatable {
    case noMessage
    case severalMessages
    case incompleteMessage
  }

  /// The action for a message of the handler.
  enum SendAction: Sendable, Equatable {
    /// Send the response headers, then the message.
    case beginAnswer
    case append
    /// Drop the message, because it is no longer needed.
    case drop
  }

  /// How to end the answer.
  enum EndAction: Sendable, Equatable {
    /// It has already ended.
    case none
    /// Send only the status in one HEADERS frame (trailers-only).
    case statusOnly
    /// Send the status after the queued messages.
    case statusAfterMessages
    /// Send RST_STREAM, because the peer does not read the queued messages.
    case reset
  }

  private var kind: CallKind?
  private var handler = Handler.waiting
  private var answer = Answer.none
  private var messages = 0
  /// Whether the request has ended.
  private(set) var isRequestComplete = false
  /// Whether the stream has closed.
  private(set) var isClosed = false
  /// Whether the call has ended for the handler: failed, cancelled or lost.
  private(set) var isAbandoned = false
  /// Whether the request's headers have been read.
  private(set) var hasHead = false

  /// Whether the handler runs.
  var isRunning: Bool { handler == .running }
  /// Whether the handler may still read request messages.
  var wantsRequest: Bool { !isAbandoned && answer != .complete && handler != .ended }
  /// Whether the call waits for its only request message before the handler starts.
  var awaitsOnlyMessage: Bool { handler == .waiting && !isAbandoned && answer == .none && hasHead }

  /// Records refused headers. The answer follows by ``fail(hasQueuedMessages:)`` or ``answeredAsHTTP()``.
  mutating func refusedHead() { hasHead = true }

  /// Records valid headers with a method, or with none (`kind` nil), whose handler refuses at once.
  mutating func acceptedHead(_ kind: CallKind?, endStream: Bool) -> RequestAction {
    hasHead = true
    self.kind = kind
    isRequestComplete = endStream
    guard let kind, !kind.clientStreams else { return startHandler() }
    return endStream ? .fail(.noMessage) : .none
  }

  /// Records a complete request message.
  mutating func receivedMessage() -> RequestAction {
    guard wantsRequest, let kind else { return .none }
    messages += 1
    if kind.clientStreams { return .wakeReader }
    return messages > 1 ? .fail(.severalMessages) : .none
  }

  /// Records the end of the request.
  mutating func receivedEnd(insideMessage: Bool) -> RequestAction {
    guard !isRequestComplete else { return .none }
    isRequestComplete = true
    guard wantsRequest, let kind else { return .none }
    if insideMessage { return .fail(.incompleteMessage) }
    if kind.clientStreams { return .wakeReader }
    return messages == 0 ? .fail(.noMessage) : startHandler()
  }

  private mutating func startHandler() -> RequestAction {
    guard handler == .waiting, !isAbandoned else { return .none }
    handler = .running
    return .startHandler
  }

  /// Records a message of the handler.
  mutating func send() -> SendAction {
    guard !isAbandoned, answer != .complete else { return .drop }
    defer { answer = .begun }
    return answer == .none ? .beginAnswer : .append
  }

  /// Records the end of the handler.
  mutating func handlerEnded() -> EndAction {
    handler = .ended
    guard !isAbandoned else { return .none }
    return end()
  }

  /// Ends the call without the handler: an invalid request, the deadline, a limit.
  mutating func fail(hasQueuedMessages: Bool) -> EndAction {
    guard !isAbandoned, answer != .complete else { return .none }
    isAbandoned = true
    if hasQueuedMessages {
      answer = .complete
      return .reset
    }
    return end()
  }

  /// Records a failure before the handler started. Such a call still passes the interceptors, to be measured and
  /// logged.
  ///
  /// - Returns: Whether to pass it to them now.
  mutating func startAbandoned() -> Bool {
    guard handler == .waiting, isAbandoned else { return false }
    handler = .running
    return true
  }

  /// Records a request that was not gRPC and has been answered as plain HTTP.
  mutating func answeredAsHTTP() {
    isAbandoned = true
    answer = .complete
  }

  private mutating func end() -> EndAction {
    defer { answer = .complete }
    switch answer {
    case .none: return .statusOnly
    case .begun: return .statusAfterMessages
    case .complete: return .none
    }
  }

  /// Records the end of the stream.
  ///
  /// - Returns: Whether this ends the call before its answer was complete.
  mutating func closed() -> Bool {
    isClosed = true
    let isCutOff = hasHead && !isAbandoned && answer != .complete
    isAbandoned = true
    return isCutOff
  }
}
