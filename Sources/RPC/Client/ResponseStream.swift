public import Messages

/// The responses of a streaming call in order. Read it once, from one task at a time.
///
/// The server may send only as far ahead as the flow-control window allows, so reading slowly slows the server.
/// Releasing the stream before its end, or cancelling the reading task, cancels the call. The stream ends by throwing
/// ``RPCError`` unless the status is OK.
public struct ResponseStream<Response: Message>: AsyncSequence, Sendable {
  public typealias Element = Response

  let subscription: ResponseSubscription

  /// The response metadata. Waits for it. Empty when the call fails before there is any.
  public var metadata: Metadata {
    get async { await subscription.headers() ?? Metadata() }
  }

  /// The trailing metadata, nil before the call has ended.
  public var trailingMetadata: Metadata? { subscription.queue.trailers }

  /// Cancels the call. The next read throws CANCELLED, unless the call had ended.
  public func cancel() { subscription.cancel() }

  /// Makes the iterator. Make only one.
  public func makeAsyncIterator() -> Iterator { Iterator(subscription: subscription) }

  /// Returns the responses in order.
  public struct Iterator: AsyncIteratorProtocol {
    private let subscription: ResponseSubscription
    private var batch = ResponseQueue.Batch()
    private var position = 0

    init(subscription: ResponseSubscription) {
      self.subscription = subscription
    }

    /// Waits for the next response. Returns nil at the end of a stream whose status is OK.
    ///
    /// - Throws: ``RPCError``, the status of the call, after the last response.
    public mutating func next() async throws -> Response? {
      while position == batch.messages.count {
        let taken = batch
        batch = ResponseQueue.Batch()
        position = 0
        subscription.took(credit: taken.credit)
        if let error = taken.outcome?.error { throw error }
        if taken.outcome != nil { return nil }
        batch = await subscription.next()
        // The batch after the last: the iterator is read past its end.
        if batch.isEmpty { return nil }
      }
      defer { position += 1 }
      return try subscription.decode(Response.self, batch.messages[position])
    }
  }
}

/// Holds a streaming call for the reading task. Releasing the last reference cancels the call.
final class ResponseSubscription: Sendable {
  let queue: ResponseQueue
  let call: ClientCall

  init(_ call: ClientCall, queue: ResponseQueue) {
    self.call = call
    self.queue = queue
  }

  deinit {
    if queue.trailers == nil { cancel() }
  }

  func cancel() {
    call.lane.submit(.cancel(call))
  }

  func next() async -> ResponseQueue.Batch {
    await withTaskCancellationHandler {
      await queue.next()
    } onCancel: {
      cancel()
    }
  }

  func headers() async -> Metadata? {
    await withTaskCancellationHandler {
      await queue.headers()
    } onCancel: {
      cancel()
    }
  }

  func took(credit: Int) {
    if credit > 0 { call.lane.submit(.grantCredit(call, bytes: credit)) }
  }

  func decode<Response: Message>(_ type: Response.Type, _ message: FrameReader.Message) throws(RPCError) -> Response {
    do throws(RPCError) {
      return try ClientCodec.decode(type, message, bytesMaximum: call.responseBytesMaximum)
    } catch {
      cancel()
      throw error
    }
  }
}
