import NIOCore

// Drains and closes the connection.

extension ServerConnection {
  /// Ends the connection once its calls have ended. `debugData` is the reason for the client.
  func beginDrain(debugData: String = "") {
    guard let session, drain.begin() == .announce else { return }
    drainReason = debugData
    for case let stream as ServerStream in session.streams { stream.wakeReader() }
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

  func perform(_ action: DrainState.Action) {
    guard action == .nameLastStream, let session else { return }
    session.goAway(.noError, debugData: drainReason)
    flushSoon()
  }

  /// Ends the connection and its calls at once.
  func closeNow(_ code: HTTP2ErrorCode = .noError) {
    guard let session, let context else { return }
    session.terminate(code)
    flush()
    context.close(promise: nil)
  }
}
