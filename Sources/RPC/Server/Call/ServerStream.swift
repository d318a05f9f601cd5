import Basics
import Messages
import NIOCore

/// One call on the server, between its stream and its handler, whatever the protocol on the wire. ``ServerStreamState`` decides.
///
/// This file handles the events of the wire. Everything runs on the connection's event loop. ``ServerCall``'s methods
/// may be called on any thread and switch to it.
final class ServerStream: HTTPStream, DeadlineHolder, @unchecked Sendable {
  let connection: ServerConnection
  @exclusivity(unchecked) var state = ServerStreamState()
  @exclusivity(unchecked) var progress: StreamProgress
  @exclusivity(unchecked) var inbound: InboundQueue?
  @exclusivity(unchecked) var method: RegisteredMethod?
  @exclusivity(unchecked) var format = CallFormat.grpc
  /// What only calls of the web have.
  @exclusivity(unchecked) var web: WebCall?
  /// The compression of request messages that are marked as compressed.
  @exclusivity(unchecked) var requestEncoding = Compression.identity
  /// Whether the client accepts gzip.
  @exclusivity(unchecked) var acceptsGzip = false
  /// The compression announced in the response headers.
  @exclusivity(unchecked) var responseEncoding = Compression.identity
  @exclusivity(unchecked) var callContext: ServerContext?
  /// Why the call has ended, once it is abandoned.
  @exclusivity(unchecked) var failure: RPCError?
  @exclusivity(unchecked) var deadline = NIODeadline.distantFuture
  @exclusivity(unchecked) var deadlineIndex = -1
  /// The reader waiting for a message, and the writers waiting for capacity.
  @exclusivity(unchecked) var reader: CallContinuation<[UInt8]?>?
  @exclusivity(unchecked) var writers: [WaitingWriter] = []
  /// Whether the reader continues by itself once the thread may decompress again.
  var isUnpackingLater = false
  /// Whether the requests end when the connection drains.
  var endsRequestsWhenDraining = false
  /// Whether the handler saw the end of the requests, although the client may send more.
  var hasCutRequests = false
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
    progress.moved(at: connection.now)
    isInsideHeaders = true
  }

  override func didReceiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    if headerListBytes > connection.core.limits.headerListBytesMaximum { return didReceiveTooLargeHeaders() }
    guard !state.hasHead else { return }
    head.add(name, value, methods: connection.core.methods, userAgents: &connection.userAgents)
  }

  private func didReceiveTooLargeHeaders() {
    let limits = connection.core.limits
    if !state.hasHead { head.refuseTooLarge(limit: limits.headerListBytesMaximum) }
    if headerListBytes > limits.headerListBytesTolerated { connection.cutOff("too_large_headers") }
  }

  override func didReceiveHeaders(endStream: Bool) {
    progress.moved(at: connection.now)
    isInsideHeaders = false
    if !state.hasHead {
      acceptHead(endStream: endStream)
    } else if endStream {
      didReceiveEnd()
    }
  }

  private var progressBytesMinimum: Int { connection.core.limits.progressBytesMinimum }

  override func didReceiveData(_ bytes: UnsafeRawBufferPointer) {
    if format.framing == .grpcWebText { receiveText(bytes) } else { receive(bytes) }
  }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    guard state.wantsRequest, let wasInsideMessage = inbound?.isInsideMessage else { return }
    do {
      guard let (completed, credit) = try inbound?.receive(bytes) else { return }
      if wasInsideMessage, completed == 0 {
        progress.moved(bytes: bytes.count, at: connection.now, bytesMinimum: progressBytesMinimum)
      } else {
        progress.moved(at: connection.now)
      }
      let buffered = bytes.count + completed * InboundQueue.messageOverhead
      if let refusal = connection.state.buffer(bytes: buffered) { return fail(connection.error(refusal)) }
      session?.returnCredit(stream: self, bytes: credit)
      for _ in 0..<completed { perform(state.receivedMessage()) }
    } catch {
      fail(error.error(limit: inbound?.messageBytesMaximum ?? 0))
    }
  }

  override func didReceiveEnd() {
    if format.isUnframed { endBody() }
    perform(state.receivedEnd(insideMessage: inbound?.isInsideMessage ?? false))
  }

  override func didSend(bytes: Int, remaining: Int) {
    if remaining == 0 {
      progress.moved(at: connection.now)
    } else {
      progress.moved(bytes: bytes, at: connection.now, bytesMinimum: progressBytesMinimum)
    }
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
