import Basics
import Logging
import NIOCore

/// One client's connection between its socket, its session and its calls.
///
/// Everything runs on the event loop. Bytes that arrive together are answered together: handlers run right after the
/// read, and one flush follows the whole batch.
final class ServerConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let core: ServerCore
  let loop: LoopResources
  @exclusivity(unchecked) var peer: Peer
  /// The peer's address for limits, nil for unix sockets and when the server does not serve the web.
  @exclusivity(unchecked) var address: IPAddress?
  @exclusivity(unchecked) var state: ServerConnectionState
  @exclusivity(unchecked) var deadlines = DeadlineHeap<NIODeadline, ServerStream>()
  /// The time of the current batch of events.
  @exclusivity(unchecked) var now: NIODeadline

  /// The session, of the one version of HTTP or the other. Nil before the client's first bytes when both are served.
  @exclusivity(unchecked) var session: HTTPSession?
  @exclusivity(unchecked) var http2: HTTP2Session?
  @exclusivity(unchecked) var http1: HTTP1Session?
  /// First bytes that both versions may begin with.
  var opening: ByteBuffer?
  private var isLingering = false
  /// When an HTTP/1.1 request was last seen being served.
  var servedAt: NIODeadline?
  /// Whether the socket is closed.
  private(set) var isLost = false
  @exclusivity(unchecked) var context: ChannelHandlerContext?
  @exclusivity(unchecked) var drain = DrainState()
  var drainReason = ""
  /// Calls that start after the bytes at hand have been read.
  @exclusivity(unchecked) var ready: [ServerStream] = []
  /// Calls that start once the client has read some of its responses.
  @exclusivity(unchecked) var heldBack: [ServerStream] = []
  /// Calls that start once this thread may decompress again, for which a task is scheduled.
  @exclusivity(unchecked) var waitingToUnpack: [ServerStream] = []
  var isStartingLater = false
  @exclusivity(unchecked) var userAgents = UserAgentCache()
  @exclusivity(unchecked) var isReading = false
  @exclusivity(unchecked) var isFlushScheduled = false
  @exclusivity(unchecked) var hasSettings = false
  var hasAcknowledgedSettings = false
  @exclusivity(unchecked) var floods: FloodGuard
  /// Whether the client is being disconnected, whatever is queued for it.
  @exclusivity(unchecked) private(set) var isCutOff = false
  let openedAt: NIODeadline
  @exclusivity(unchecked) var unwritableSince: NIODeadline?
  var deadlineTimer: Scheduled<Void>?
  var deadlineTimerAt = NIODeadline.distantFuture
  var isWatching = false
  var lifeTimer: Scheduled<Void>?
  @exclusivity(unchecked) var keepalive: Keepalive?
  @exclusivity(unchecked) var idleness: Idleness?
  var age: ConnectionAge?
  var pingStrikes: PingStrikes
  var whenEnded: (() -> Void)?

  init(core: ServerCore, loop: LoopResources, peer: Peer) {
    self.core = core
    self.loop = loop
    self.peer = peer
    address = core.site == nil ? nil : IPAddress(socketAddress: peer.address)
    state = ServerConnectionState(limits: core.limits)
    pingStrikes = PingStrikes(core.keepalive)
    openedAt = loop.now
    now = openedAt
    floods = FloodGuard(limits: core.limits, now: openedAt)
  }

  // MARK: The socket

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if core.site == nil { startHTTP2() }
    if context.channel.isActive { flush() }
    watch()
    beginLife()
  }

  func channelActive(context: ChannelHandlerContext) {
    flush()
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    now = loop.now
    keepalive?.received(at: now)
    isReading = true
    if http2 != nil { receive(buffer) } else if session == nil { open(buffer) }
    startReady()
  }

  func receive(_ buffer: ByteBuffer) {
    do {
      try buffer.withUnsafeReadableBytes { bytes throws(HTTP2SessionError) in try http2?.receive(bytes) }
    } catch {
      core.logger.debug("HTTP/2 connection failed", metadata: ["error": "\(error)", "peer": "\(peer.address)"])
      if error.isFlood { session?.terminate(.enhanceYourCalm) }
      flush()
      context?.close(promise: nil)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    flush()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    unwritableSince = context.channel.isWritable ? nil : loop.now
    flush()
  }

  /// With TLS the handshake is first. Nothing of the client is read before.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    do {
      let isComplete = try TLSHandshake.isComplete(event, allowsHTTP1: core.site != nil)
      if isComplete { peer.identity = TLSHandshake.identity(context) }
    } catch {
      errorCaught(context: context, error: error)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { finish() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    core.logger.debug("connection failed", metadata: ["error": "\(error)", "peer": "\(peer.address)"])
    context.close(promise: nil)
  }

  private func finish() {
    guard !isLost else { return }
    isLost = true
    let session = session
    self.session = nil
    http2 = nil
    http1 = nil
    context = nil
    deadlineTimer?.cancel()
    lifeTimer?.cancel()
    now = loop.now
    session?.close(.cancel)
    endIfDone()
  }

  /// Calls `body` once the socket is closed and no handler runs any more.
  func onEnd(_ body: @escaping () -> Void) { whenEnded = body }

  func endIfDone() {
    if state.hasHoarded, state.isReturningMemory() { core.memoryReturn.schedule(on: loop.executor.eventLoop) }
    guard isLost, state.unfinishedCalls == 0, let whenEnded else { return }
    self.whenEnded = nil
    whenEnded()
    core.memoryReturn.connectionEnded(on: loop.executor.eventLoop)
  }

  // MARK: Out

  /// Flushes at the end of the current read, or else after the current tasks.
  func flushSoon() {
    guard !isReading, !isFlushScheduled, session != nil else { return }
    isFlushScheduled = true
    loop.executor.eventLoop.assumeIsolated().execute {
      self.isFlushScheduled = false
      self.flush()
    }
  }

  /// The current time: that of the read being handled, or the clock's.
  var currentTime: NIODeadline { isReading ? now : loop.now }

  private static let writeBytes = 64 << 10

  func flush() {
    guard let session, let context else { return }
    now = loop.now
    do {
      while context.channel.isWritable {
        loop.output.clear()
        try session.drain(into: &loop.output, upTo: Self.writeBytes)
        let count = loop.output.readableBytes
        guard count > 0 else { break }
        // Flushed at once, so that the buffer is free for the next.
        context.writeAndFlush(wrapOutboundOut(loop.output), promise: nil)
        if count < Self.writeBytes { break }
      }
    } catch {
      core.logger.debug("HTTP/2 connection failed", metadata: ["error": "\(error)", "peer": "\(peer.address)"])
      context.close(promise: nil)
    }
    if http1?.wantsTurn == true { afterOthers {} }
    if session.isFinished || isCutOff { closeWhenRead(context) }
    if unwritableSince != nil, session.outboundFrames > core.limits.outboundFramesMaximum {
      cutOff("too_many_unread_frames")
      context.close(promise: nil)
    }
  }

  /// How long the client of an ended HTTP/1.1 connection has to read its last answer. If it still sends, closing at once
  /// would make the system discard what was written (RFC 9112 section 9.6).
  private static let lingering = TimeAmount.milliseconds(500)

  private func closeWhenRead(_ context: ChannelHandlerContext) {
    guard http1 != nil, !isCutOff else { return context.close(promise: nil) }
    guard !isLingering else { return }
    isLingering = true
    context.close(mode: .output, promise: nil)
    loop.executor.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) { self.context?.close(promise: nil) }
  }

  /// Ends the connection of an attacker: GOAWAY with the reason as debug data, and the end with the next flush. May be
  /// called from inside the session.
  func cutOff(_ reason: String) {
    guard let session, !isCutOff else { return }
    isCutOff = true
    state.wasAttacked()
    core.logger.info("a client was cut off", metadata: ["reason": "\(reason)", "peer": "\(peer.address)"])
    http2?.goAway(.enhanceYourCalm, debugData: reason)
    session.terminate(.enhanceYourCalm)
    flushSoon()
  }
}

extension ServerConnection: HTTP2SessionDelegate {
  func session(_ session: HTTP2Session, openStream id: Int32) -> HTTPStream? {
    watch()
    idleness?.used()
    return ServerStream(connection: self)
  }

  func session(_ session: HTTP2Session, didReceiveSettings isAcknowledgement: Bool) {
    if isAcknowledgement { hasAcknowledgedSettings = true } else { hasSettings = true }
  }

  func session(_ session: HTTP2Session, didReceive overhead: HTTP2Overhead) {
    let flood = floods.received(overhead, dataFramesSent: session.dataFramesSent, now: now)
    if let flood { cutOff(flood.debugData) }
  }

  func session(_ session: HTTP2Session, didReceivePing payload: UInt64, isAcknowledgement: Bool) {
    if isAcknowledgement { perform(drain.pingAcknowledged(payload)) } else { receivedPing(session) }
  }
}
