public import Messages

/// A call with a stream of requests and a stream of responses, independent of each other: one task may send while
/// another reads.
///
/// Cancelling a task that uses it, or dropping it before the responses end, cancels the call.
public struct BidirectionalCall<Request: Message, Response: Message>: Sendable {
  let sender: RequestSender

  /// What the server sends, until it ends the call.
  public let responses: ResponseStream<Response>

  /// Sends one message; returns when there is room for another. Does nothing when the server has ended the call.
  ///
  /// - Parameter allowsCompression: false sends this message as it is in a call that packs its messages
  ///   (``CallOptions/compression``).
  /// - Throws: ``RPCError`` when the call has failed, or when the message is too large.
  public func send(_ message: Request, allowsCompression: Bool = true) async throws {
    try await sender.send(message, allowsCompression: allowsCompression)
  }

  /// Ends the requests; responses may go on.
  public func finishSending() {
    sender.finish()
  }

  /// Ends the call now.
  public func cancel() { responses.cancel() }
}
