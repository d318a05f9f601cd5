import NIOCore

// Whether the server is still there, and whether anybody needs the connection (rpc.md row 12).

extension ClientConnection {
  /// Starts the clocks of a connection that has become ready.
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

  /// One timer for both, set for whatever is due first.
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

  /// A call begins. After a long silence it is preceded by a PING.
  func noteCall() {
    idleness?.used()
    guard keepalive != nil, let now = context?.eventLoop.now else { return }
    let before = keepalive
    checkKeepalive(now, hasCalls: true)
    if keepalive != before { armLifeTimer(now) }
  }

  /// Something was read.
  func noteRead() {
    guard keepalive != nil, let now = context?.eventLoop.now else { return }
    keepalive?.received(at: now)
  }
}

/// How a connection of a channel is watched.
struct ConnectionLife: Sendable, Hashable {
  var keepalive: ClientKeepalive
  /// After how long without calls its owner is told so; nil for a connection that stays as long as its channel is awake.
  var idleTimeout: Duration?
}

/// Why a connection was closed whose server says nothing any more.
private struct KeepaliveTimeout: Error, CustomStringConvertible {
  var description: String { "the server does not answer a keepalive PING" }
}
