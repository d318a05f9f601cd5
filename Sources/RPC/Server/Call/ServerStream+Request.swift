import NIOCore

// Handles a call's request until its handler starts.

extension ServerStream {
  func acceptHead(endStream: Bool) {
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
      peer: connection.peer,
      requestMetadata: head.metadata,
      startedAt: connection.now,
      deadline: timeout == nil ? nil : deadline
    )
    if let method = call.method { inbound = InboundQueue(messageBytesMaximum: method.requestBytesMaximum) }
    perform(state.acceptedHead(call.method?.method.descriptor.kind, endStream: endStream))
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
