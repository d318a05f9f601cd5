import NIOCore

// Detects lost servers and unused connections (rpc.md row 12).

extension ClientConnection {
  /// Starts the timers of a ready connection.
  func beginLife(_ settings: ConnectionLife) {
    guard let now = context?.eventLoop.now else { return }
    keepalive = settings.keepalive.effectiveTime.map {
      Keepalive(
        time: $0,
        timeout: settings.keepalive.timeout,
        pingsWithoutCalls: settings.keepalive.pingsWithoutCalls,
        now: now
      )
    }
    idleness = settings.idleTimeout.map { Idleness(period: $0, now: now) }
    armLifeTimer(now)
  }

  /// Sets one timer for whichever check is due first.
  private func armLifeTimer(_ now: NIODeadline) {
    lifeTimer?.cancel()
    let checks = [keepalive?.nextCheck(after: now), idleness?.nextCheck(after: now)]
    guard session != nil, let context, let next = checks.compactMap({ $0 }).min() else { return }
    lifeTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) { self.checkLife() }
  }

  private func checkLife() {
    guard let now = context?.eventLoop.now else { return }
    checkKeepalive(now, hasCalls: hasCalls)
    if idleness?.check(now: now, hasCalls: hasCalls) == true { owner?.connectionIsUnused(self) }
    armLifeTimer(now)
  }

  private func checkKeepalive(_ now: NIODeadline, hasCalls: Bool) {
    switch keepalive?.check(now: now, hasCalls: hasCalls) {
    case .ping?:
      session?.ping(Keepalive.pingPayload)
      scheduleFlush()
    case .close?:
      keepalive = nil
      fail(KeepaliveTimeout())
    case nil, .some(.none): break
    }
  }

  /// Records the start of a call. Sends a PING first after a long silence.
  func recordCall() {
    idleness?.used()
    guard keepalive != nil, let now = context?.eventLoop.now else { return }
    let before = keepalive
    checkKeepalive(now, hasCalls: true)
    if keepalive != before { armLifeTimer(now) }
  }

  /// Records that something was read.
  func recordRead() {
    guard keepalive != nil, let now = context?.eventLoop.now else { return }
    keepalive?.received(at: now)
  }
}

/// How a connection of a channel is monitored.
struct ConnectionLife: Sendable, Hashable {
  var keepalive: ClientKeepalive
  /// How long without calls before its owner is notified. Nil for a connection that stays as long as its channel is in
  /// use.
  var idleTimeout: Duration?
}

/// Why a connection was closed: its server is silent.
private struct KeepaliveTimeout: Error, CustomStringConvertible {
  var description: String { "the server does not answer a keepalive PING" }
}
