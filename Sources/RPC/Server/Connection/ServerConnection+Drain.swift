import NIOCore

// The end of a connection.

extension ServerConnection {
  /// Ends the connection once its calls have ended. `debugData` tells the client why.
  func beginDrain(debugData: String = "") {
    guard let session, drain.begin() == .announce else { return }
    drainReason = debugData
    for case let stream as ServerStream in session.streams { stream.wakeReader() }
    // A client that has said nothing has no call under way, and answers no PING.
    guard hasSettings else { return perform(drain.pingTimedOut()) }
    session.announceGoAway()
    // nghttp2 sends a PING before all else that waits, and its answer is to mean that the GOAWAY has arrived.
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
