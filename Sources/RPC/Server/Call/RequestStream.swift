public import Messages

/// The requests of a call that may have any number of them, in order; for one reader at a time.
public struct RequestStream<Request: Message>: AsyncSequence, Sendable {
  /// One request.
  public typealias Element = Request

  private enum Source: Sendable {
    case call(any ServerCall)
    case messages([Request])
  }

  private let source: Source

  init(call: any ServerCall) { source = .call(call) }

  /// A stream of given requests, for tests of handlers.
  public init(_ messages: [Request]) { source = .messages(messages) }

  /// The same requests, which end when the server or the connection begins to drain: after those that have arrived by then.
  ///
  /// The call ends with UNAVAILABLE and the reason SHUTTING_DOWN when its handler returns, for the client has not had its
  /// say. For calls that clients keep open, each of whose requests stands for itself: without this such a call goes on for
  /// the whole grace of ``Server/shutdown(grace:)``.
  public func untilDrain() -> RequestStream {
    if case .call(let call) = source { call.endRequestsWhenDraining() }
    return self
  }

  /// Starts reading where the last reader stopped.
  public func makeAsyncIterator() -> Iterator {
    switch source {
    case .call(let call): Iterator(call: call, rest: [])
    case .messages(let messages): Iterator(call: nil, rest: messages[...])
    }
  }

  /// Reads the requests one by one.
  public struct Iterator: AsyncIteratorProtocol {
    let call: (any ServerCall)?
    var rest: ArraySlice<Request>

    /// The next request, or nil when the client has sent its last. The peer may send more only as requests are taken.
    ///
    /// - Throws: ``RPCError`` when the call is over or a request is malformed.
    public mutating func next() async throws -> Request? {
      guard let call else { return rest.popFirst() }
      return try await call.receive(Request.self)
    }
  }
}
