import NIOCore

// Drains and closes the connection.

extension ServerConnection {
  /// Ends the connection once its calls have ended. `debugData` is the reason for the client.
  func beginDrain(debugData: String = "") {
    guard !isLost, drain.begin() == .announce else { return }
    guard let session else { return closeUnopened() }
    drainReason = debugData
    for case let stream as ServerStream in session.streams { stream.wakeReader() }
    guard let session = http2 else {
      http1?.beginDrain()
      return flush()
    }
    // A client that has sent nothing has no calls and answers no PING.
    guard hasSettings else { return perform(drain.pingTimedOut()) }
    session.announceGoAway()
    // nghttp2 sends a PING before all other frames, and its answer must mean that the GOAWAY has arrived.
    flush()
    session.ping(DrainState.pingPayload)
    flush()
    loop.executor.eventLoop.assumeIsolated().scheduleTask(in: core.drainPingTimeout) {
      self.perform(self.drain.pingTimedOut())
    }
  }

  private func closeUnopened() { context?.close(promise: nil) }

  func perform(_ action: DrainState.Action) {
    guard action == .nameLastStream, let session = http2 else { return }
    session.goAway(.noError, debugData: drainReason)
    flushSoon()
  }

  /// Ends the connection and its calls at once.
  func closeNow(_ code: HTTP2ErrorCode = .noError) {
    guard let context else { return }
    session?.terminate(code)
    flush()
    context.close(promise: nil)
  }
}
