/// The life of one call on the server: what has come, what has gone, whether the handler runs.
///
/// The connection feeds it events and does what it answers; it does no I/O itself.
struct ServerStreamState: Sendable {
  private enum Handler: Sendable { case waiting, running, ended }
  private enum Answer: Sendable { case none, begun, complete }

  /// What to do about something that came from the client.
  enum RequestAction: Sendable, Equatable {
    case none
    /// Everything the handler needs to begin is there.
    case startHandler
    /// A handler that reads may go on.
    case wakeReader
    /// The request breaks the method's cardinality.
    case fail(WrongRequest)
  }

  enum WrongRequest: Sendable, Equatable {
    case noMessage
    case severalMessages
    case incompleteMessage
  }

  /// What to do about a message of the handler.
  enum SendAction: Sendable, Equatable {
    /// Response headers first, then the message.
    case beginAnswer
    case append
    /// Nobody waits for it.
    case drop
  }

  /// How the answer ends.
  enum EndAction: Sendable, Equatable {
    /// It has ended already.
    case none
    /// The status alone in one HEADERS frame (trailers-only).
    case statusOnly
    /// The status after what is queued.
    case statusAfterMessages
    /// RST_STREAM: messages are queued that the peer does not take.
    case reset
  }

  private var kind: CallKind?
  private var handler = Handler.waiting
  private var answer = Answer.none
  private var messages = 0
  /// The request has ended.
  private(set) var isRequestComplete = false
  /// The stream is gone.
  private(set) var isClosed = false
  /// The call is over for the handler, whatever it still does: failed, cancelled or lost.
  private(set) var isAbandoned = false
  /// The request's headers have been read.
  private(set) var hasHead = false

  /// Whether the handler runs.
  var isRunning: Bool { handler == .running }
  /// Whether the handler may still want request messages.
  var wantsRequest: Bool { !isAbandoned && answer != .complete && handler != .ended }
  /// Whether a single request message is awaited and no handler runs yet.
  var awaitsOnlyMessage: Bool { handler == .waiting && !isAbandoned && answer == .none && hasHead }

  /// The headers were read and refused; the answer follows by ``fail(hasQueuedMessages:)`` or ``answeredAsHTTP()``.
  mutating func refusedHead() { hasHead = true }

  /// The headers named a method, or none that exists (`kind` nil), whose handler refuses at once.
  mutating func acceptedHead(_ kind: CallKind?, endStream: Bool) -> RequestAction {
    hasHead = true
    self.kind = kind
    isRequestComplete = endStream
    guard let kind, !kind.clientStreams else { return startHandler() }
    return endStream ? .fail(.noMessage) : .none
  }

  /// A request message is complete and waits to be taken.
  mutating func receivedMessage() -> RequestAction {
    guard wantsRequest, let kind else { return .none }
    messages += 1
    if kind.clientStreams { return .wakeReader }
    return messages > 1 ? .fail(.severalMessages) : .none
  }

  /// The client sends no more.
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

  /// The handler sends a message.
  mutating func send() -> SendAction {
    guard !isAbandoned, answer != .complete else { return .drop }
    defer { answer = .begun }
    return answer == .none ? .beginAnswer : .append
  }

  /// The handler has returned or thrown.
  mutating func handlerEnded() -> EndAction {
    handler = .ended
    guard !isAbandoned else { return .none }
    return end()
  }

  /// The server ends the call without the handler: a bad request, the deadline, a limit.
  mutating func fail(hasQueuedMessages: Bool) -> EndAction {
    guard !isAbandoned, answer != .complete else { return .none }
    isAbandoned = true
    if hasQueuedMessages {
      answer = .complete
      return .reset
    }
    return end()
  }

  /// A call that failed before its handler began still passes the interceptors, so that it is measured and logged.
  ///
  /// - Returns: whether it is to be passed to them now.
  mutating func startAbandoned() -> Bool {
    guard handler == .waiting, isAbandoned else { return false }
    handler = .running
    return true
  }

  /// The request was no gRPC and has been answered as plain HTTP.
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

  /// The stream is gone.
  ///
  /// - Returns: whether this cuts the call off before its answer was complete.
  mutating func closed() -> Bool {
    isClosed = true
    let isCutOff = hasHead && !isAbandoned && answer != .complete
    isAbandoned = true
    return isCutOff
  }
}
