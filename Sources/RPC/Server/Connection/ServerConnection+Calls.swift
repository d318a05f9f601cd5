internal import NIOCore

// Taking on calls, and refusing them.

extension ServerConnection {
  /// Starts a call's handler after the bytes at hand have been read, or soon when there are none.
  func startWhenRead(_ stream: ServerStream) {
    ready.append(stream)
    if !isReading { loop.executor.eventLoop.assumeIsolated().execute { self.startReady() } }
  }

  func startReady() {
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
}
