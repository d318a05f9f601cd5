public import Messages

/// Where a handler writes its responses, in order.
public struct ResponseWriter<Response: Message>: Sendable {
  private enum Destination: Sendable {
    case call(any ServerCall)
    case closure(@Sendable (Response) async throws -> Void)
  }

  private let destination: Destination

  init(call: any ServerCall) { destination = .call(call) }

  /// A writer that hands each response to `body`, for tests of handlers.
  public init(_ body: @escaping @Sendable (Response) async throws -> Void) { destination = .closure(body) }

  /// Queues a response for sending, first waiting while the peer takes too little and the outbound budget
  /// (``ServerLimits/streamOutboundBytesMaximum``) is full.
  ///
  /// - Parameter allowsCompression: false sends this response as it is in a call that packs its messages
  ///   (``ServerContext/compression``).
  /// - Throws: ``RPCError`` when the call is over: cancelled, past its deadline, or its connection lost.
  public func write(_ response: Response, allowsCompression: Bool = true) async throws {
    switch destination {
    case .call(let call): try await call.send(response, allowsCompression: allowsCompression)
    case .closure(let body): try await body(response)
    }
  }
}
