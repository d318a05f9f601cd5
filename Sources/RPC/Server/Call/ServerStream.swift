internal import Messages
internal import NIOCore

/// One gRPC call on the server: the stream below, the handler above, ``ServerStreamState`` deciding.
///
/// This file is what comes from the wire. Everything runs on the connection's event loop; ``ServerCall``'s methods may be
/// called from anywhere and come back to it.
final class ServerStream: HTTP2Stream, DeadlineHolder, @unchecked Sendable {
  let connection: ServerConnection
  @exclusivity(unchecked) var state = ServerStreamState()
  @exclusivity(unchecked) var progress: StreamProgress
  @exclusivity(unchecked) var inbound: InboundQueue?
  @exclusivity(unchecked) var method: RegisteredMethod?
  @exclusivity(unchecked) var contentType = RequestHead.ContentType.grpc
  /// How request messages marked as compressed are packed.
  @exclusivity(unchecked) var requestEncoding = Compression.identity
  /// Whether the client takes gzip.
  @exclusivity(unchecked) var acceptsGzip = false
  /// What the response headers announced.
  @exclusivity(unchecked) var responseEncoding = Compression.identity
  @exclusivity(unchecked) var callContext: ServerContext?
  /// Why the call is over, once it is abandoned.
  @exclusivity(unchecked) var failure: RPCError?
  @exclusivity(unchecked) var deadline = NIODeadline.distantFuture
  @exclusivity(unchecked) var deadlineIndex = -1
  /// The reader that waits for a message, and the writers that wait for room.
  @exclusivity(unchecked) var reader: CallContinuation<[UInt8]?>?
  @exclusivity(unchecked) var writers: [WaitingWriter] = []
  @exclusivity(unchecked) var head = RequestHead()
  @exclusivity(unchecked) var isInsideHeaders = false
  @exclusivity(unchecked) var task: Task<Void, Never>?
  /// Whether the connection and the server count this call.
  @exclusivity(unchecked) var isAdmitted = false

  init(connection: ServerConnection) {
    self.connection = connection
    progress = StreamProgress(openedAt: connection.now)
  }

  override func didBeginHeaders() {
    progress.movedAt = connection.now
    isInsideHeaders = true
  }

  override func didReceiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    guard !state.hasHead else { return }
    let limit = connection.core.limits.headerListBytesMaximum
    if headerListBytes <= limit {
      head.add(name, value, methods: connection.core.methods, userAgents: &connection.userAgents)
    } else {
      head.refuseTooLarge(limit: limit)
    }
  }

  override func didReceiveHeaders(endStream: Bool) {
    progress.movedAt = connection.now
    isInsideHeaders = false
    if !state.hasHead {
      acceptHead(endStream: endStream)
    } else if endStream {
      didReceiveEnd()
    }
  }

  override func didReceiveData(_ bytes: UnsafeRawBufferPointer) {
    progress.movedAt = connection.now
    guard state.wantsRequest, inbound != nil else { return }
    do {
      guard let (completed, credit) = try inbound?.receive(bytes) else { return }
      if let refusal = connection.state.buffer(bytes: bytes.count) { return fail(connection.error(refusal)) }
      session?.returnCredit(stream: self, bytes: credit)
      for _ in 0..<completed { perform(state.receivedMessage()) }
    } catch {
      fail(error.error(limit: inbound?.messageBytesMaximum ?? 0))
    }
  }

  override func didReceiveEnd() {
    perform(state.receivedEnd(insideMessage: inbound?.isInsideMessage ?? false))
  }

  override func didSend(bytes: Int, remaining: Int) {
    progress.movedAt = connection.now
    if connection.state.sent(bytes: bytes) { connection.wakeAllWriters() } else if !writers.isEmpty { wakeWriters() }
  }

  override func didClose(_ code: HTTP2ErrorCode) {
    if state.closed() {
      abandon(RPCError(.cancelled, .cancelled, "the call was cancelled by the client or its connection was lost"))
      passAbandoned()
    }
    if !outgoing.bytes.isEmpty {
      let unsent = outgoing.bytes.count
      outgoing.bytes.removeAll()
      if connection.state.sent(bytes: unsent) { connection.wakeAllWriters() }
    }
    connection.deadlines.remove(self)
    dropInbound()
    if !state.isRunning { leave() }
  }
}
