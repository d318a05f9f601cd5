import NIOCore

/// Receives the events of a connection.
protocol ClientConnectionOwner: AnyObject {
  /// The peer's SETTINGS arrived, so calls may start.
  func connectionIsReady(_ connection: ClientConnection)
  /// More calls may start than before. Called from outside the session.
  func connectionHasCapacity(_ connection: ClientConnection)
  /// The connection had no calls for a long time. Repeated while that lasts.
  func connectionIsUnused(_ connection: ClientConnection)
  /// The connection accepts no more calls. Running ones continue.
  func connectionRetired(_ connection: ClientConnection)
  /// The server closed the connection because of its PINGs.
  func connectionPingedTooOften(_ connection: ClientConnection, keepalive: ClientKeepalive)
  /// The connection is closed. `error` is the reason, for calls that fail because of it.
  func connectionClosed(_ connection: ClientConnection, error: RPCError)
}

/// One HTTP/2 connection to a server: moves bytes between the socket and the session, and streams between calls and the
/// session. Confined to its event loop.
///
/// Writes the output of one read or one tick of the event loop at once.
final class ClientConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// The greatest number of bytes passed to the socket before it must accept some of them.
  private static let writeBytes = 64 << 10

  /// Set once the connection is lost, before its streams end.
  private(set) var lossError: RPCError?
  private let peer: String
  private let limits: ChannelLimits
  private let requestHeaders: RequestHeaders
  private let life: ConnectionLife
  private(set) weak var owner: (any ClientConnectionOwner)?
  private var machine = ConnectionStateMachine()
  private(set) var session: HTTP2Session?
  private(set) var context: ChannelHandlerContext?
  var lifeTimer: Scheduled<Void>?
  @exclusivity(unchecked) var keepalive: Keepalive?
  @exclusivity(unchecked) var idleness: Idleness?
  private var isReading = false
  private var isFlushScheduled = false
  private var hasFreedCapacity = false
  private var lastOpenedStream: Int32 = 0
  private var lastSentStream: Int32 = 0
  private var goAway: (code: HTTP2ErrorCode, text: String)?
  private var socketError: (any Error)?

  init(
    peer: String,
    limits: ChannelLimits,
    life: ConnectionLife,
    requestHeaders: RequestHeaders,
    owner: any ClientConnectionOwner
  ) {
    self.peer = peer
    self.limits = limits
    self.life = life
    self.requestHeaders = requestHeaders
    self.owner = owner
  }

  // MARK: Calls

  /// How many calls could start now.
  var capacity: Int { machine.capacity }
  var hasCalls: Bool { machine.openStreams > 0 }

  /// Opens a stream for a call. Precondition: there is capacity.
  func open(_ call: ClientCall) {
    guard let session, let context else { return }
    let headers = requestHeaders.make(
      for: call.outgoing,
      encoding: call.encoding,
      previousAttempts: call.previousAttempts
    )
    // nghttp2 would drop it, and it would be repeated for ever.
    if !call.outgoing.metadata.isEmpty, !headers.isSendable { return call.fail(Self.metadataTooLarge) }
    recordCall()
    let attempt = CallAttempt(call, on: self)
    machine.openedStream()
    call.startAttempt(attempt)
    do throws(HTTP2SessionError) {
      try session.submitRequest(attempt, headers: headers)
      lastOpenedStream = attempt.id
      scheduleFlush()
    } catch {
      // The stream identifiers are exhausted, which is the only reason for a ready session to refuse.
      _ = machine.closedStream()
      context.eventLoop.assumeIsolated().execute { [self] in
        retire()
        attempt.refuse()
      }
    }
  }

  private static var metadataTooLarge: RPCError {
    let limit = HeaderBlock.listBytesMaximum
    return RPCError(
      .resourceExhausted,
      .metadataTooLarge,
      "the request metadata is larger than the limit of \(limit) bytes",
      info: ["limit_bytes": "\(limit)"]
    )
  }

  /// Opens the stream of a health check. Precondition: the connection is ready.
  func open(_ stream: HealthStream) {
    guard let session, let context else { return }
    let call = OutgoingCall(method: HealthStream.method, target: "", options: .init(), deadline: .distantFuture)
    machine.openedStream()
    do throws(HTTP2SessionError) {
      let headers = requestHeaders.make(for: call, encoding: .identity, previousAttempts: 0)
      try session.submitRequest(stream, headers: headers)
      lastOpenedStream = stream.id
      scheduleFlush()
    } catch {
      _ = machine.closedStream()
      context.eventLoop.assumeIsolated().execute { [self] in retire() }
    }
  }

  /// Records the end of a stream. Called by the stream from inside the session.
  func closedStream(wasRefused: Bool) {
    switch machine.closedStream(wasRefused: wasRefused) {
    case .none: break
    case .capacityFreed: hasFreedCapacity = true
    case .close: scheduleClose()
    }
    if hasFreedCapacity { scheduleFlush() }
  }

  /// Returns whether the request headers of a stream were passed to the socket.
  func hasSentHeaders(of stream: HTTPStream) -> Bool {
    stream.id != 0 && stream.id <= lastSentStream
  }

  // MARK: Ending

  /// Accepts no more calls, and closes when the running ones have ended.
  func retire() {
    switch machine.drain() {
    case .none: break
    case .retire: owner?.connectionRetired(self)
    case .retireAndClose:
      owner?.connectionRetired(self)
      scheduleClose()
    }
  }

  /// Cancels every running call, then closes, whether the peer reads or not.
  func cancelAll(_ error: RPCError) {
    for stream in session?.streams ?? [] {
      (stream as? CallAttempt)?.call.fail(error)
    }
    retire()
    scheduleClose()
  }

  /// Closes the socket because of an error.
  func fail(_ error: any Error) {
    socketError = socketError ?? error
    context?.close(promise: nil)
  }

  /// Abandons a connection that never became ready.
  func abandon() {
    context?.close(promise: nil)
  }

  private func scheduleClose() {
    guard let context else { return }
    // Later, because this may be called from inside the session.
    context.eventLoop.assumeIsolated().execute { [self] in
      session?.goAway(.noError)
      flush()
      self.context?.close(promise: nil)
    }
  }

  // MARK: Output

  /// Writes the session's output after the current read or tick.
  func scheduleFlush() {
    guard !isReading, !isFlushScheduled, let context else { return }
    isFlushScheduled = true
    context.eventLoop.assumeIsolated().execute { [self] in
      isFlushScheduled = false
      settle()
    }
  }

  /// Starts the calls that wait for capacity, then writes everything at once.
  private func settle() {
    if hasFreedCapacity {
      hasFreedCapacity = false
      isReading = true
      owner?.connectionHasCapacity(self)
      isReading = false
    }
    flush()
  }

  private func flush() {
    guard let session, let context else { return }
    var hasWritten = false
    do throws(HTTP2SessionError) {
      while context.channel.isWritable, let bytes = try session.drain(upTo: Self.writeBytes) {
        context.write(wrapOutboundOut(bytes), promise: nil)
        hasWritten = true
      }
    } catch {
      socketError = error
      context.close(promise: nil)
      return
    }
    if hasWritten {
      lastSentStream = lastOpenedStream
      context.flush()
    }
    if session.isFinished { context.close(promise: nil) }
  }

  // MARK: Called by the socket

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { start() }
  }

  func channelActive(context: ChannelHandlerContext) {
    start()
    context.fireChannelActive()
  }

  private func start() {
    guard session == nil else { return }
    var settings = HTTP2Settings()
    settings.streamWindowBytes = Int32(clamping: limits.receivedStreamBytes)
    settings.connectionWindowBytes = Int32(clamping: limits.connectionWindowBytes)
    settings.headerListBytesMaximum = UInt32(clamping: limits.receivedHeaderBytes)
    session = HTTP2Session(role: .client, settings: settings, delegate: self)
    flush()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let session else { return }
    recordRead()
    isReading = true
    do throws(HTTP2SessionError) {
      let bytes = unwrapInboundIn(data)
      try bytes.withUnsafeReadableBytes { bytes throws(HTTP2SessionError) in try session.receive(bytes) }
    } catch {
      isReading = false
      socketError = error
      flush()
      context.close(promise: nil)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    settle()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { scheduleFlush() }
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    socketError = socketError ?? error
    context.close(promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    do {
      _ = try TLSHandshake.isComplete(event)
    } catch {
      errorCaught(context: context, error: error)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    isReading = false
    lifeTimer?.cancel()
    let error = makeLossError()
    lossError = error
    machine.closed()
    session?.close(.internalError)
    session = nil
    owner?.connectionClosed(self, error: error)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
  }

  private func makeLossError() -> RPCError {
    var reason = "the connection to \(peer) was closed"
    if let goAway, goAway.code != .noError {
      reason = "the server at \(peer) ended the connection with \(goAway.code)"
      if !goAway.text.isEmpty { reason += " (\(goAway.text))" }
    } else if let socketError {
      reason = "the connection to \(peer) failed: \(socketError)"
    }
    return RPCError(.unavailable, .connectionLost, reason, cause: socketError)
  }
}

extension ClientConnection: HTTP2SessionDelegate {
  func session(_ session: HTTP2Session, didReceiveSettings isAcknowledgement: Bool) {
    guard !isAcknowledgement else { return }
    switch machine.receivedSettings(maxConcurrentStreams: session.peerConcurrentStreamsMaximum) {
    case .none: break
    case .becameReady:
      beginLife(life)
      owner?.connectionIsReady(self)
      hasFreedCapacity = true
    case .capacityGrew: hasFreedCapacity = true
    }
  }

  func session(
    _ session: HTTP2Session,
    didReceiveGoAway code: HTTP2ErrorCode,
    lastStreamID: Int32,
    debugData: [UInt8]
  ) {
    // nghttp2 closes the streams above lastStreamID with REFUSED_STREAM, so their calls start again elsewhere.
    goAway = (code, String(decoding: debugData.prefix(256), as: UTF8.self))
    if code == .enhanceYourCalm, debugData.elementsEqual("too_many_pings".utf8) {
      owner?.connectionPingedTooOften(self, keepalive: life.keepalive)
    }
    retire()
  }
}
