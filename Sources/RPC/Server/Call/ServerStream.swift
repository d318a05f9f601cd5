internal import Messages
internal import NIOCore

/// One gRPC call on the server: the stream below, the handler above, ``ServerStreamState`` deciding.
///
/// Everything runs on the connection's event loop; ``ServerCall``'s methods may be called from anywhere and come back
/// to it.
final class ServerStream: HTTP2Stream, DeadlineHolder, @unchecked Sendable {
  let connection: ServerConnection
  @exclusivity(unchecked) var state = ServerStreamState()
  @exclusivity(unchecked) var progress: StreamProgress
  @exclusivity(unchecked) var inbound: InboundQueue?
  @exclusivity(unchecked) var method: RegisteredMethod?
  @exclusivity(unchecked) var contentType = RequestHead.ContentType.grpc
  @exclusivity(unchecked) var callContext: ServerContext?
  /// Why the call is over, once it is abandoned.
  @exclusivity(unchecked) var failure: RPCError?
  @exclusivity(unchecked) var deadline = NIODeadline.distantFuture
  @exclusivity(unchecked) var deadlineIndex = -1
  /// The reader that waits for a message, and the writers that wait for room.
  @exclusivity(unchecked) var reader: CallContinuation<[UInt8]?>?
  @exclusivity(unchecked) var writers: [WaitingWriter] = []
  @exclusivity(unchecked) private var head = RequestHead()
  @exclusivity(unchecked) private var isInsideHeaders = false
  @exclusivity(unchecked) private var task: Task<Void, Never>?
  /// Whether the connection and the server count this call.
  @exclusivity(unchecked) private var isAdmitted = false

  init(connection: ServerConnection) {
    self.connection = connection
    progress = StreamProgress(openedAt: connection.now)
  }

  // MARK: From the wire

  override func didBeginHeaders() {
    progress.movedAt = connection.now
    isInsideHeaders = true
  }

  override func didReceiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    guard !state.hasHead else { return }
    let limit = connection.core.limits.headerListBytesMaximum
    if headerListBytes <= limit {
      head.add(name, value, methods: connection.core.methods)
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

  // MARK: The request

  private func acceptHead(endStream: Bool) {
    switch head.verdict {
    case .http(let status):
      state.refusedHead()
      state.answeredAsHTTP()
      session?.submitResponse(self, headers: ResponseHeaders.block(httpStatus: status), endStream: true)
    case .refused(let error):
      state.refusedHead()
      fail(error)
    case .call(let call):
      if let refusal = connection.admit() {
        state.refusedHead()
        return fail(refusal)
      }
      isAdmitted = true
      begin(call, endStream: endStream)
    }
    head = RequestHead()
  }

  private func begin(_ call: RequestHead.Call, endStream: Bool) {
    method = call.method
    contentType = call.contentType
    let timeout = call.timeout ?? connection.core.unaryTimeout(call.method)
    if let timeout {
      deadline = connection.now + .nanoseconds(timeout)
      connection.schedule(self)
    }
    callContext = ServerContext(
      method: call.method?.method.descriptor ?? MethodDescriptor(unknownPath: head.unknownPath ?? ""),
      methodNumber: call.method?.number ?? 0,
      peer: connection.peer,
      requestMetadata: head.metadata,
      startedAt: connection.now,
      deadline: timeout == nil ? nil : deadline
    )
    if let method = call.method { inbound = InboundQueue(messageBytesMaximum: method.requestBytesMaximum) }
    perform(state.acceptedHead(call.method?.method.descriptor.kind, endStream: endStream))
  }

  private func perform(_ action: ServerStreamState.RequestAction) {
    switch action {
    case .none: break
    case .startHandler: connection.startWhenRead(self)
    case .wakeReader: wakeReader()
    case .fail(let wrong): fail(RPCError(wrong))
    }
  }

  private func dropInbound() {
    guard let dropped = inbound else { return }
    connection.state.unbuffer(bytes: dropped.bufferedBytes)
    inbound = nil
  }

  // MARK: The handler

  /// Runs the handler up to its first wait, on this stack.
  func start() {
    if state.isAbandoned, connection.core.pipeline.isEmpty { return handlerEnded(with: failure) }
    ServerContext.$current.withValue(context) {
      let running = Task.immediate(executorPreference: connection.loop.executor) { [self] in await run() }
      if state.isRunning { task = running }
    }
  }

  private func run() async {
    do {
      if connection.core.pipeline.isEmpty {
        try await handle()
      } else {
        try await connection.core.pipeline.run(context) { () async throws(RPCError) in
          do { try await handle() } catch { throw outcome(of: error) }
          if let failure { throw failure }
        }
      }
      handlerEnded(with: nil)
    } catch {
      handlerEnded(with: outcome(of: error))
    }
  }

  private func handle() async throws {
    if let failure { throw failure }
    guard let method else { throw RPCError(.unimplemented, .methodNotFound, "the server has no such method") }
    try await method.method.handle(self)
  }

  private func outcome(of error: any Error) -> RPCError {
    if let failure { return failure }
    if let error = error as? RPCError { return error }
    if error is CancellationError { return RPCError(.cancelled, .cancelled, "the call was cancelled", cause: error) }
    return RPCError(.unknown, .handlerFailed, "", cause: error)
  }

  private func handlerEnded(with error: RPCError?) {
    connection.loop.executor.eventLoop.preconditionInEventLoop()
    task = nil
    dropInbound()
    finish(state.handlerEnded(), with: error)
    if state.isClosed { leave() }
    connection.flushSoon()
  }

  // MARK: The end

  /// Ends the call without waiting for the handler.
  func fail(_ error: RPCError) {
    let action = state.fail(hasQueuedMessages: !outgoing.bytes.isEmpty)
    guard action != .none else { return }
    abandon(error)
    dropInbound()
    finish(action, with: error)
    if callContext != nil, !connection.core.pipeline.isEmpty, state.startAbandoned() {
      connection.startWhenRead(self)
    }
  }

  /// Tells the handler that the call is over.
  private func abandon(_ error: RPCError) {
    failure = error
    callContext?.cancel()
    task?.cancel()
    wakeReader()
    wakeWriters()
  }

  private func finish(_ action: ServerStreamState.EndAction, with error: RPCError?) {
    switch action {
    case .none: return
    case .statusOnly:
      var block = ResponseHeaders.block(contentType)
      if error == nil, let metadata = callContext?.responseMetadata { block.add(metadata) }
      addStatus(error, to: &block)
      session?.submitResponse(self, headers: block, endStream: true)
    case .statusAfterMessages:
      session?.finish(self, endingWith: trailers(error))
    case .reset: session?.reset(self, .cancel)
    }
    connection.deadlines.remove(self)
  }

  private func trailers(_ error: RPCError?) -> OutgoingBody.End {
    if error == nil, callContext?.hasResponseFields != true { return .fixedTrailers(StatusTrailers.ok) }
    var block = HeaderBlock()
    addStatus(error, to: &block)
    return .trailers(block)
  }

  private func addStatus(_ error: RPCError?, to block: inout HeaderBlock) {
    if let error {
      StatusTrailers.add(error, service: callContext?.method.service ?? "", to: &block)
    } else {
      block.add("grpc-status", "0")
    }
    if let callContext, callContext.hasResponseFields { block.add(callContext.trailingMetadata) }
  }

  /// The call is over for the wire and for the handler.
  private func leave() {
    guard isAdmitted else { return }
    isAdmitted = false
    connection.leave()
  }

  /// Ends the call when its peer has stood still for too long.
  func checkProgress(now: NIODeadline) {
    guard progress.isStalled(waiting, now: now, limits: connection.core.limits) else { return }
    if outgoing.bytes.isEmpty {
      fail(RPCError(.deadlineExceeded, .stalled, "the request did not arrive in time"))
    } else {
      abandon(RPCError(.cancelled, .stalled, "the client does not take the response"))
      session?.reset(self, .cancel)
    }
  }

  private var waiting: StreamProgress.Waiting {
    if isInsideHeaders || !state.hasHead || !outgoing.bytes.isEmpty { return .progress }
    if state.isRequestComplete { return .nothing }
    if state.awaitsOnlyMessage { return .request }
    return inbound?.isInsideMessage == true ? .progress : .nothing
  }
}

extension RPCError {
  fileprivate init(_ wrong: ServerStreamState.WrongRequest) {
    switch wrong {
    case .noMessage, .severalMessages:
      self.init(.unimplemented, .wrongCardinality, "the method takes exactly one request message")
    case .incompleteMessage:
      self.init(.internalError, .malformedMessage, "the request ended inside a message")
    }
  }
}

extension MethodDescriptor {
  /// For a path that names no method of the server, split as far as it can be.
  fileprivate init(unknownPath: String) {
    let parts = unknownPath.split(separator: "/", maxSplits: 1)
    self.init(
      service: parts.first.map(String.init) ?? "",
      name: parts.count > 1 ? String(parts[1]) : "",
      kind: .unary
    )
  }
}
