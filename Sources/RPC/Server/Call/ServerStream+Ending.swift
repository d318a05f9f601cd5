import Basics
import Logging
import NIOCore

// Ends calls.

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

  /// Notifies the handler that the call has ended.
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
    case .statusOnly, .statusAfterMessages:
      let isBegun = action == .statusAfterMessages
      switch format.framing {
      case .grpc: if isBegun { session?.finish(self, endingWith: trailers(error)) } else { sendStatusOnly(error) }
      case .grpcWeb, .grpcWebText: endWeb(error, isBegun: isBegun)
      case .connectUnary: endConnectUnary(error)
      case .connectStream: endConnectStream(error, isBegun: isBegun)
      }
    case .reset: session?.reset(self, .cancel)
    }
    connection.deadlines.remove(self)
  }

  private func sendStatusOnly(_ error: RPCError?) {
    var block = responseHeaders()
    if let metadata = callContext?.responseMetadata, !metadata.isEmpty {
      // In one frame with the status they would arrive as trailers.
      let isComplete = block.addWhatFits(metadata)
      session?.submitResponse(self, headers: block, endStream: false)
      session?.finish(self, endingWith: trailers(isComplete ? error : error ?? metadataTooLarge()))
    } else {
      addStatus(error, to: &block)
      session?.submitResponse(self, headers: block, endStream: true)
    }
  }

  private func trailers(_ error: RPCError?) -> OutgoingBody.End {
    if error == nil, callContext?.hasResponseFields != true { return .fixedTrailers(StatusTrailers.ok) }
    var block = HeaderBlock()
    addStatus(error, to: &block)
    return .trailers(block)
  }

  /// Appends the status with its metadata and the handler's trailing metadata. A successful call fails when that cannot
  /// be sent. A failed one omits what does not fit.
  func addStatus(_ error: RPCError?, to block: inout HeaderBlock) {
    let beginning = block
    if let error {
      let status = StatusTrailers(
        service: callContext?.method.service ?? "",
        addsErrorInfo: connection.core.addsErrorInfo,
        bytesMaximum: connection.core.statusBytesMaximum
      )
      status.add(error, to: &block)
      _ = block.addWhatFits(error.metadata)
    } else {
      block.add("grpc-status", "0")
    }
    guard let callContext, callContext.hasResponseFields else { return }
    let isComplete = block.addWhatFits(callContext.trailingMetadata)
    if error == nil, !isComplete {
      block = beginning
      addStatus(metadataTooLarge(), to: &block)
    }
  }

  /// Makes the error for more metadata than can be sent. nghttp2 would send nothing, and the client would wait until
  /// its deadline.
  func metadataTooLarge() -> RPCError {
    let limit = HeaderBlock.listBytesMaximum
    connection.core.logger.error(
      "a handler set more metadata than can be sent",
      metadata: ["method": "\(context.method.fullName)", "limit_bytes": "\(limit)"]
    )
    return RPCError(
      .internalError,
      .metadataTooLarge,
      "the response metadata is larger than the limit of \(limit) bytes",
      info: ["limit_bytes": "\(limit)"]
    )
  }

  /// Records that the call has ended for the wire and for the handler.
  func leave() {
    guard isAdmitted else { return }
    isAdmitted = false
    connection.leave()
  }

  /// Ends the call when its peer has stalled for too long.
  func checkProgress(now: NIODeadline) {
    guard progress.isStalled(waiting, now: now, limits: connection.core.limits) else { return }
    // Nothing else can arrive before the header block is complete, so the whole connection is stalled.
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
