public import Messages

/// Writes the responses of a handler in order.
public struct ResponseWriter<Response: Message>: Sendable {
  private enum Destination: Sendable {
    case call(any ServerCall)
    case closure(@Sendable (Response) async throws -> Void)
  }

  private let destination: Destination

  init(call: any ServerCall) { destination = .call(call) }

  /// Makes a writer that passes each response to `body`, for tests of handlers.
  public init(_ body: @escaping @Sendable (Response) async throws -> Void) { destination = .closure(body) }

  /// Queues a response. First waits while the outbound budget (``ServerLimits/streamOutboundBytesMaximum``) is
  /// exhausted because the peer reads too slowly.
  ///
  /// - Parameter allowsCompression: False sends this response uncompressed in a call that compresses its messages
  ///   (``ServerContext/compression``).
  /// - Throws: ``RPCError`` when the call has ended: cancelled, past its deadline, or its connection lost.
  public func write(_ response: Response, allowsCompression: Bool = true) async throws {
    switch destination {
    case .call(let call): try await call.send(response, allowsCompression: allowsCompression)
    case .closure(let body): try await body(response)
    }
  }
}
