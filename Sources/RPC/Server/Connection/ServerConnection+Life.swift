import Logging
import NIOCore

// Detects lost peers and old connections (rpc.md row 12).

extension ServerConnection {
  /// Starts the timers of the connection.
  func beginLife() {
    now = loop.now
    let keeping = core.keepalive
    keepalive = keeping.time.map {
      Keepalive(time: $0, timeout: keeping.timeout, pingsWithoutCalls: true, now: now)
    }
    idleness = core.lifetime.idleMaximum.map { Idleness(period: $0, now: now) }
    var random = core.random
    age = core.lifetime.ageMaximum.map {
      ConnectionAge(maximum: $0, grace: core.lifetime.ageGrace, now: now, using: &random)
    }
    armLifeTimer()
  }

  /// Sets one timer for whichever check is due first.
  private func armLifeTimer() {
    let checks = [keepalive?.nextCheck(after: now), idleness?.nextCheck(after: now), age?.nextCheck]
    guard !isLost, let next = checks.compactMap({ $0 }).min() else { return }
    lifeTimer = loop.executor.eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.checkLife() }
  }

  private func checkLife() {
    guard !isLost else { return }
    now = loop.now
    let hasCalls = session?.streams.isEmpty == false || state.unfinishedCalls > 0
    // HTTP/1.1 has no PING, and its idle connections end by a limit of their own.
    if http2 == nil { keepalive = nil }
    switch keepalive?.check(now: now, hasCalls: hasCalls) {
    case .ping?: http2?.ping(Keepalive.pingPayload)
    case .close?:
      core.logger.debug("the client does not answer a keepalive PING", metadata: ["peer": "\(peer.address)"])
      context?.close(promise: nil)
      return
    case nil, .some(.none): break
    }
    if idleness?.check(now: now, hasCalls: hasCalls) == true {
      idleness = nil
      beginDrain(debugData: "max_idle")
    }
    switch age?.check(now: now) {
    case .drain?: beginDrain(debugData: "max_age")
    case .close?: closeNow()
    case nil, .some(.none): break
    }
    flush()
    armLifeTimer()
  }

  /// Records a PING of the client. Called from inside the session.
  func receivedPing(_ session: HTTP2Session) {
    if session.hasSentToStreams {
      session.hasSentToStreams = false
      pingStrikes.sentToCall()
    }
    guard pingStrikes.received(now: now, hasCalls: !session.streams.isEmpty) else { return }
    core.logger.info("the client sends too many PINGs", metadata: ["peer": "\(peer.address)"])
    session.goAway(.enhanceYourCalm, debugData: PingStrikes.debugData)
    loop.executor.eventLoop.assumeIsolated().execute {
      self.flush()
      self.context?.close(promise: nil)
    }
  }
}
