public import Messages

/// The requests of a streaming call in order, for one reader at a time.
public struct RequestStream<Request: Message>: AsyncSequence, Sendable {
  /// One request.
  public typealias Element = Request

  private enum Source: Sendable {
    case call(any ServerCall)
    case messages([Request])
  }

  private let source: Source

  init(call: any ServerCall) { source = .call(call) }

  /// Makes a stream of given requests, for tests of handlers.
  public init(_ messages: [Request]) { source = .messages(messages) }

  /// Returns the same requests, but ends when the server or the connection drains: after those that have arrived by
  /// then.
  ///
  /// When its handler returns, the call ends with UNAVAILABLE and the reason SHUTTING_DOWN, because the client has not
  /// finished. For calls that clients keep open and whose requests are independent. Otherwise such a call lasts for the
  /// whole grace of ``Server/shutdown(grace:)``.
  public func untilDrain() -> RequestStream {
    if case .call(let call) = source { call.endRequestsWhenDraining() }
    return self
  }

  /// Continues where the last reader stopped.
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

    /// Returns the next request, nil after the client's last. The peer may send more only as requests are read.
    ///
    /// - Throws: ``RPCError`` when the call has ended or a request is malformed.
    public mutating func next() async throws -> Request? {
      guard let call else { return rest.popFirst() }
      return try await call.receive(Request.self)
    }
  }
}
