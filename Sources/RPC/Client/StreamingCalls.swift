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

/// The sending half of a streaming call.
struct RequestSender: Sendable {
  let call: ClientCall
  let feed: RequestFeed
  /// The fewest bytes that make a message worth packing; nil leaves all as they are.
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
