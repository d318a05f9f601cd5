public import Messages

/// A call with a stream of requests and one response.
///
/// Cancelling its task, or releasing it before the response, cancels the call.
public struct ClientStreamingCall<Request: Message, Response: Message>: Sendable {
  let sender: RequestSender
  let responses: ResponseStream<Response>

  /// Sends one message. Returns when another may be sent. Does nothing when the server has answered already.
  ///
  /// - Parameter allowsCompression: False sends this message uncompressed in a call that compresses its messages
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

  /// Cancels the call.
  public func cancel() { responses.cancel() }

  /// The response metadata. Waits for it. Empty when the call fails before there is any.
  public var metadata: Metadata {
    get async { await responses.metadata }
  }

  /// The trailing metadata, nil before the call has ended.
  public var trailingMetadata: Metadata? { responses.trailingMetadata }
}

/// A call with a stream of requests and a stream of responses, independent of each other: one task may send while
/// another reads.
///
/// Cancelling a task that uses it, or releasing it before the responses end, cancels the call.
public struct BidirectionalCall<Request: Message, Response: Message>: Sendable {
  let sender: RequestSender

  /// The server's responses until it ends the call.
  public let responses: ResponseStream<Response>

  /// Sends one message. Returns when another may be sent. Does nothing when the server has ended the call.
  ///
  /// - Parameter allowsCompression: False sends this message uncompressed in a call that compresses its messages
  ///   (``CallOptions/compression``).
  /// - Throws: ``RPCError`` when the call has failed, or when the message is too large.
  public func send(_ message: Request, allowsCompression: Bool = true) async throws {
    try await sender.send(message, allowsCompression: allowsCompression)
  }

  /// Ends the requests. Responses may continue.
  public func finishSending() {
    sender.finish()
  }

  /// Cancels the call.
  public func cancel() { responses.cancel() }
}

/// The sending half of a streaming call.
struct RequestSender: Sendable {
  let call: ClientCall
  let feed: RequestFeed
  /// The smallest size of a message worth compressing. Nil does not compress.
  let gzipBytesMinimum: Int?

  func send<Request: Message>(_ message: Request, allowsCompression: Bool) async throws {
    let limit = call.outgoing.requestBytesMaximum ?? call.lane.configuration.limits.sentMessageBytes
    let frame = try ClientCodec.frame(
      message,
      bytesMaximum: limit,
      gzipBytesMinimum: allowsCompression ? gzipBytesMinimum : nil
    )
    guard try feed.add(frame) else { return }
    call.lane.submit(.sendRequests(call))
    await withTaskCancellationHandler {
      await feed.waitForRoom()
    } onCancel: {
      call.lane.submit(.cancel(call))
    }
  }

  func finish() {
    feed.finish()
    call.lane.submit(.sendRequests(call))
  }
}
