internal import Messages

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
