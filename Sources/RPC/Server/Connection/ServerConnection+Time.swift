import Basics
import NIOCore

// Enforces deadlines and detects stalled peers.

extension ServerConnection {
  /// Ends the call at its deadline.
  func schedule(_ stream: ServerStream) {
    deadlines.insert(stream, at: stream.deadline)
    armDeadlineTimer()
  }

  /// Sets one timer for all calls. It is set again only for an earlier deadline, and otherwise may fire early.
  private func armDeadlineTimer() {
    guard let earliest = deadlines.earliest, earliest < deadlineTimerAt else { return }
    deadlineTimer?.cancel()
    deadlineTimerAt = earliest
    deadlineTimer = loop.executor.eventLoop.assumeIsolated().scheduleTask(deadline: earliest) { self.expire() }
  }

  private func expire() {
    now = loop.now
    deadlineTimerAt = .distantFuture
    while let stream = deadlines.popExpired(now: now) {
      stream.fail(RPCError(.deadlineExceeded, .deadlineExceeded, "the deadline has passed"))
    }
    armDeadlineTimer()
    flush()
  }

  /// Checks periodically whether the peer has stalled, while there is something to check.
  func watch() {
    guard !isWatching else { return }
    isWatching = true
    let shortest = min(core.limits.handshakeTimeout, core.limits.progressTimeout, core.limits.requestTimeout)
    let interval = TimeAmount(max(shortest / 4, .milliseconds(10)))
    loop.executor.eventLoop.assumeIsolated().scheduleTask(in: interval) {
      self.isWatching = false
      self.checkProgress()
    }
  }

  private func checkProgress() {
    guard let context else { return }
    now = loop.now
    let isIntroduced = hasSettings && hasAcknowledgedSettings
    if !isIntroduced, now - openedAt >= TimeAmount(core.limits.handshakeTimeout) {
      return hasSettings ? closeNow(.settingsTimeout) : context.close(promise: nil)
    }
    if let unwritableSince, now - unwritableSince >= TimeAmount(core.limits.progressTimeout) {
      return context.close(promise: nil)
    }
    let streams = session?.streams ?? []
    for case let stream as ServerStream in streams { stream.checkProgress(now: now) }
    if http1 != nil, isIdleForTooLong { return context.close(promise: nil) }
    flush()
    if !isIntroduced || !streams.isEmpty || unwritableSince != nil || http1 != nil { watch() }
  }

  /// Whether an HTTP/1.1 client has not sent a request for too long: its first within the time for a handshake.
  private var isIdleForTooLong: Bool {
    guard let http1, let site = core.site, !http1.isServing else {
      servedAt = now
      return false
    }
    guard let servedAt else { return now - openedAt >= TimeAmount(core.limits.handshakeTimeout) }
    return now - servedAt >= TimeAmount(site.configuration.idleTimeout)
  }
}
