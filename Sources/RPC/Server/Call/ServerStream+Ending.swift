internal import NIOCore

// How a call ends.

extension ServerStream {
  /// Ends the call without waiting for the handler.
  func fail(_ error: RPCError) {
    let action = state.fail(hasQueuedMessages: !outgoing.bytes.isEmpty)
    guard action != .none else { return }
    abandon(error)
    dropInbound()
    finish(action, with: error)
    passAbandoned()
  }

  func passAbandoned() {
    guard callContext != nil, !connection.core.pipeline.isEmpty, state.startAbandoned() else { return }
    connection.startWhenRead(self)
  }

  /// Tells the handler that the call is over.
  func abandon(_ error: RPCError) {
    failure = error
    callContext?.cancel()
    task?.cancel()
    wakeReader()
    wakeWriters()
    connection.startIfHeldBack(self)
  }

  func finish(_ action: ServerStreamState.EndAction, with error: RPCError?) {
    switch action {
    case .none: return
    case .statusOnly:
      var block = responseHeaders()
      if let metadata = callContext?.responseMetadata, !metadata.isEmpty {
        // In one frame with the status they would arrive as trailers.
        block.add(metadata)
        session?.submitResponse(self, headers: block, endStream: false)
        session?.finish(self, endingWith: trailers(error))
      } else {
        addStatus(error, to: &block)
        session?.submitResponse(self, headers: block, endStream: true)
      }
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
      StatusTrailers.add(
        error,
        service: callContext?.method.service ?? "",
        addsErrorInfo: connection.core.addsErrorInfo,
        to: &block
      )
    } else {
      block.add("grpc-status", "0")
    }
    if let callContext, callContext.hasResponseFields { block.add(callContext.trailingMetadata) }
  }

  /// The call is over for the wire and for the handler.
  func leave() {
    guard isAdmitted else { return }
    isAdmitted = false
    connection.leave()
  }

  /// Ends the call when its peer has stood still for too long.
  func checkProgress(now: NIODeadline) {
    guard progress.isStalled(waiting, now: now, limits: connection.core.limits) else { return }
    // Nothing else can arrive before the header block is complete, so the whole connection stands still.
    if isInsideHeaders || !state.hasHead { return connection.closeNow(.enhanceYourCalm) }
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
