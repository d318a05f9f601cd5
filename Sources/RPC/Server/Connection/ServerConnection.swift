internal import Logging
internal import NIOCore

/// One client's connection: the socket on one side, the HTTP/2 session on the other, calls in between.
///
/// Everything runs on the event loop. Bytes that arrive together are answered together: handlers run right after the
/// read, and one flush follows the whole batch.
final class ServerConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let core: ServerCore
  let loop: LoopResources
  let peer: Peer
  @exclusivity(unchecked) var state: ServerConnectionState
  @exclusivity(unchecked) var deadlines = DeadlineHeap<ServerStream>()
  /// The time of the current batch of events.
  @exclusivity(unchecked) private(set) var now = NIODeadline.now()

  @exclusivity(unchecked) private var session: HTTP2Session?
  @exclusivity(unchecked) private var context: ChannelHandlerContext?
  @exclusivity(unchecked) private var drain = DrainState()
  /// Calls whose handler starts once the bytes at hand have been read.
  @exclusivity(unchecked) private var ready: [ServerStream] = []
  @exclusivity(unchecked) private var isReading = false
  @exclusivity(unchecked) private var isFlushScheduled = false
  @exclusivity(unchecked) private var hasSettings = false
  private let openedAt = NIODeadline.now()
  @exclusivity(unchecked) private var unwritableSince: NIODeadline?
  private var deadlineTimer: Scheduled<Void>?
  private var deadlineTimerAt = NIODeadline.distantFuture
  private var isWatching = false
  private var whenEnded: (() -> Void)?

  init(core: ServerCore, loop: LoopResources, peer: Peer) {
    self.core = core
    self.loop = loop
    self.peer = peer
    state = ServerConnectionState(limits: core.limits)
  }

  // MARK: The socket

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    session = HTTP2Session(role: .server, settings: core.settings, delegate: self)
    if context.channel.isActive { flush() }
    watch()
  }

  func channelActive(context: ChannelHandlerContext) {
    flush()
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    now = .now()
    isReading = true
    do {
      try buffer.withUnsafeReadableBytes { bytes throws(HTTP2SessionError) in try session?.receive(bytes) }
    } catch {
      core.logger.debug("HTTP/2 connection failed", metadata: ["error": "\(error)", "peer": "\(peer.address)"])
      flush()
      context.close(promise: nil)
    }
    startReady()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    flush()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    unwritableSince = context.channel.isWritable ? nil : .now()
    flush()
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
    guard let session else { return }
    self.session = nil
    context = nil
    deadlineTimer?.cancel()
    now = .now()
    session.close(.cancel)
    endIfDone()
  }

  /// Arranges for `body` to be called once the socket is closed and no handler runs any more.
  func onEnd(_ body: @escaping () -> Void) { whenEnded = body }

  private func endIfDone() {
    guard session == nil, state.unfinishedCalls == 0 else { return }
    whenEnded?()
    whenEnded = nil
  }

  // MARK: Out

  /// Arranges for what was submitted to be written: at the end of the current read, or else after the tasks at hand.
  func flushSoon() {
    guard !isReading, !isFlushScheduled, session != nil else { return }
    isFlushScheduled = true
    loop.executor.eventLoop.assumeIsolated().execute {
      self.isFlushScheduled = false
      self.flush()
    }
  }

  /// The time now: that of the read being handled, or the clock's.
  var currentTime: NIODeadline { isReading ? now : .now() }

  private static let writeBytes = 64 << 10

  private func flush() {
    guard let session, let context else { return }
    now = .now()
    var hasWritten = false
    do {
      while context.channel.isWritable {
        loop.output.clear()
        try session.drain(into: &loop.output, upTo: Self.writeBytes)
        guard loop.output.readableBytes > 0 else { break }
        context.write(wrapOutboundOut(loop.output), promise: nil)
        hasWritten = true
      }
    } catch {
      core.logger.debug("HTTP/2 connection failed", metadata: ["error": "\(error)", "peer": "\(peer.address)"])
      context.close(promise: nil)
    }
    if hasWritten { context.flush() }
    if session.isFinished { context.close(promise: nil) }
  }

  // MARK: Calls

  /// Starts a call's handler after the bytes at hand have been read, or soon when there are none.
  func startWhenRead(_ stream: ServerStream) {
    ready.append(stream)
    if !isReading { loop.executor.eventLoop.assumeIsolated().execute { self.startReady() } }
  }

  private func startReady() {
    var index = 0
    while index < ready.count {
      ready[index].start()
      index += 1
    }
    ready.removeAll(keepingCapacity: true)
  }

  /// - Returns: why one more call is refused.
  func admit() -> RPCError? {
    if let refusal = state.begin() { return error(refusal) }
    guard core.admission.admitCall() else {
      state.end()
      return overloaded(.overloaded, "the server has as many calls in flight as it takes")
    }
    return nil
  }

  func leave() {
    state.end()
    core.admission.callEnded()
    endIfDone()
  }

  func error(_ refusal: ServerConnectionState.Refusal) -> RPCError {
    switch refusal {
    case .tooManyRunningCalls: overloaded(.tooManyRunningCalls, "too many handlers run for this connection")
    case .tooManyBufferedBytes: overloaded(.tooManyBufferedBytes, "too many request bytes wait on this connection")
    }
  }

  private func overloaded(_ reason: RuntimeReason, _ message: String) -> RPCError {
    var error = RPCError(.resourceExhausted, reason, message)
    error.details.append(.retryInfo(RetryInfo(retryDelay: core.limits.retryPushback)))
    return error
  }

  /// Wakes the writers of all streams after the connection's outbound budget was full.
  func wakeAllWriters() {
    for case let stream as ServerStream in session?.streams ?? [] { stream.wakeWriters() }
  }

  // MARK: Time

  /// Ends the call when its deadline comes.
  func schedule(_ stream: ServerStream) {
    deadlines.insert(stream)
    armDeadlineTimer()
  }

  /// One timer serves all calls. It is set again only for an earlier deadline, and otherwise found out to be early.
  private func armDeadlineTimer() {
    guard let earliest = deadlines.earliest, earliest < deadlineTimerAt else { return }
    deadlineTimer?.cancel()
    deadlineTimerAt = earliest
    deadlineTimer = loop.executor.eventLoop.assumeIsolated().scheduleTask(deadline: earliest) { self.expire() }
  }

  private func expire() {
    now = .now()
    deadlineTimerAt = .distantFuture
    while let stream = deadlines.popExpired(now: now) {
      stream.fail(RPCError(.deadlineExceeded, .deadlineExceeded, "the deadline has passed"))
    }
    armDeadlineTimer()
    flush()
  }

  /// Looks now and then, while there is something to look at, whether the peer stands still.
  private func watch() {
    guard !isWatching else { return }
    isWatching = true
    let shortest = min(core.limits.handshakeTimeout, core.limits.progressTimeout, core.limits.requestTimeout)
    let interval = TimeAmount(max(shortest / 4, .milliseconds(10)))
    loop.executor.eventLoop.assumeIsolated().scheduleTask(in: interval) {
      self.isWatching = false
      self.checkProgress()
    }
  }

  private func checkProgress() {
    guard let session, let context else { return }
    now = .now()
    if !hasSettings, now - openedAt >= TimeAmount(core.limits.handshakeTimeout) {
      return context.close(promise: nil)
    }
    if let unwritableSince, now - unwritableSince >= TimeAmount(core.limits.progressTimeout) {
      return context.close(promise: nil)
    }
    for case let stream as ServerStream in session.streams { stream.checkProgress(now: now) }
    flush()
    if !hasSettings || !session.streams.isEmpty || unwritableSince != nil { watch() }
  }

  // MARK: Drain

  /// Ends the connection once its calls have ended.
  func beginDrain() {
    guard let session, drain.begin() == .announce else { return }
    session.announceGoAway()
    session.ping(DrainState.pingPayload)
    flush()
    loop.executor.eventLoop.assumeIsolated().scheduleTask(in: core.drainPingTimeout) {
      self.perform(self.drain.pingTimedOut())
    }
  }

  private func perform(_ action: DrainState.Action) {
    guard action == .nameLastStream, let session else { return }
    session.goAway(.noError)
    flushSoon()
  }

  /// Ends the connection and its calls at once.
  func closeNow() {
    guard let session, let context else { return }
    session.terminate(.noError)
    flush()
    context.close(promise: nil)
  }
}

extension ServerConnection: HTTP2SessionDelegate {
  func session(_ session: HTTP2Session, openStream id: Int32) -> HTTP2Stream? {
    watch()
    return ServerStream(connection: self)
  }

  func session(_ session: HTTP2Session, didReceiveSettings isAcknowledgement: Bool) { hasSettings = true }

  func session(_ session: HTTP2Session, didReceivePing payload: UInt64, isAcknowledgement: Bool) {
    if isAcknowledgement { perform(drain.pingAcknowledged(payload)) }
  }
}
