import NIOCore

// Handles a call's request until its handler starts.

extension ServerStream {
  func acceptHead(endStream: Bool) {
    let site = connection.core.site
    switch head.verdict(isForWeb: site != nil, canSendTrailers: connection.http2 != nil) {
    case .plain(let request): answerPlainly(request)
    case .refused(let error, let format):
      self.format = format
      rememberOrigin(site)
      state.refusedHead()
      fail(error)
    case .call(let call):
      if call.isWrongForMethod { return answerPlainly(PlainRequest(status: 415)) }
      format = call.format
      rememberOrigin(site)
      let client = connection.client(of: head)
      if let refusal = connection.admit(call.method, client: client) {
        state.refusedHead()
        return fail(refusal)
      }
      isAdmitted = true
      begin(call, endStream: endStream, client: client)
    }
    head = RequestHead()
  }

  private func answerPlainly(_ request: PlainRequest) {
    let site = connection.core.site
    var answer = request.answer(site)
    if request.verb != .options, let origin = site?.allowed(head.origin) { CORS.add(origin, to: &answer.headers) }
    head = RequestHead()
    state.refusedHead()
    state.answeredAsHTTP()
    session?.submitResponse(self, headers: answer.headers, endStream: answer.body.isEmpty)
    guard !answer.body.isEmpty else { return }
    connection.state.queue(bytes: answer.body.count)
    session?.send(answer.body, on: self)
    session?.finish(self, endingWith: .endStream)
  }

  private func rememberOrigin(_ site: WebSite?) {
    guard format.isForWeb else { return }
    web = WebCall(origin: site?.allowed(head.origin))
  }

  private func begin(_ call: RequestHead.Call, endStream: Bool, client: IPAddress?) {
    method = call.method
    requestEncoding = call.encoding
    acceptsGzip = call.acceptsGzip
    let timeout = call.timeout ?? connection.core.unaryTimeout(call.method)
    if let timeout {
      deadline = connection.now + .nanoseconds(timeout)
      connection.schedule(self)
    }
    callContext = ServerContext(
      method: call.method?.method.descriptor ?? MethodDescriptor(unknownPath: head.unknownPath ?? ""),
      methodNumber: call.method?.number ?? 0,
      peer: connection.peer(client),
      requestMetadata: head.metadata,
      startedAt: connection.now,
      deadline: timeout == nil ? nil : deadline
    )
    if let method = call.method {
      inbound = InboundQueue(messageBytesMaximum: method.requestBytesMaximum, isUnframed: format.isUnframed)
    }
    // Without frames an empty body is an empty message, not none.
    perform(state.acceptedHead(call.method?.method.descriptor.kind, endStream: endStream && !format.isUnframed))
    guard format.isUnframed else { return }
    call.message?.withUnsafeBytes { receive($0) }
    if endStream { didReceiveEnd() }
  }

  func perform(_ action: ServerStreamState.RequestAction) {
    switch action {
    case .none: break
    case .startHandler: connection.startWhenRead(self)
    case .wakeReader: wakeReader()
    case .fail(let wrong): fail(RPCError(wrong))
    }
  }

  func dropInbound() {
    guard let dropped = inbound else { return }
    connection.state.unbuffer(bytes: dropped.bufferedBytes)
    inbound = nil
  }
}

extension RequestHead.Call {
  /// Whether the format carries one message each way and the method streams, or the reverse.
  fileprivate var isWrongForMethod: Bool {
    guard let kind = method?.method.descriptor.kind, format.isConnect else { return false }
    return (kind == .unary) != format.isUnframed
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
  /// Makes the descriptor of a path without a method on the server, split as far as possible.
  fileprivate init(unknownPath: String) {
    let parts = unknownPath.split(separator: "/", maxSplits: 1)
    self.init(
      service: parts.first.map(String.init) ?? "",
      name: parts.count > 1 ? String(parts[1]) : "",
      kind: .unary
    )
  }
}
