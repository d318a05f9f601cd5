public import Messages

/// A call with a stream of requests and one response.
///
/// Cancelling the task that uses it, or dropping it before the response, cancels the call.
public struct ClientStreamingCall<Request: Message, Response: Message>: Sendable {
  let sender: RequestSender
  let responses: ResponseStream<Response>

  /// Sends one message; returns when there is room for another. Does nothing when the server has answered already.
  ///
  /// - Parameter allowsCompression: false sends this message as it is in a call that packs its messages
  ///   (``CallOptions/compression``).
  /// - Throws: ``RPCError`` when the call has failed, or when the message is too large.
  public func send(_ message: Request, allowsCompression: Bool = true) async throws {
    try await sender.send(message, allowsCompression: allowsCompression)
  }

  /// Ends the requests and waits for the response.
  ///
  /// - Throws: ``RPCError``, the status of the call.
  public func finish() async throws -> Response {
    sender.finish()
    var iterator = responses.makeAsyncIterator()
    guard let response = try await iterator.next() else {
      throw RPCError(.internalError, .wrongCardinality, "the response was taken already")
    }
    // The message counts only when the status that follows is OK.
    _ = try await iterator.next()
    return response
  }

  /// Ends the call now.
  public func cancel() { responses.cancel() }

  /// The response metadata. Waits for it; empty when the call fails before there is any.
  public var metadata: Metadata {
    get async { await responses.metadata }
  }

  /// The trailing metadata; nil before the call has ended.
  public var trailingMetadata: Metadata? { responses.trailingMetadata }
}
