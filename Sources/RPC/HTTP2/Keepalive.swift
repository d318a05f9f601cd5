import NIOCore

/// Finds out whether the peer of a quiet connection is still there: a PING when nothing has been read for a while, and
/// the end when nothing is read after that either (gRFC A8, "Basic Keepalive"; gRFC A9 for servers).
struct Keepalive: Sendable, Hashable {
  enum Action: Sendable, Hashable {
    case none
    /// Send a PING with ``pingPayload``.
    case ping
    /// The peer is gone.
    case close
  }

  /// Tells these PINGs from others.
  static let pingPayload: UInt64 = 0x7061_7472_6f6e_0002

  private let time: TimeAmount
  private let timeout: TimeAmount
  private let pingsWithoutCalls: Bool
  private var readAt: NIODeadline
  private var pingedAt: NIODeadline?

  /// - Parameters:
  ///   - time: how long nothing is read before a PING.
  ///   - timeout: how long nothing is read after it before the end.
  ///   - pingsWithoutCalls: whether a connection without calls is watched as well.
  init(time: Duration, timeout: Duration, pingsWithoutCalls: Bool, now: NIODeadline) {
    self.time = TimeAmount(time)
    self.timeout = TimeAmount(timeout)
    self.pingsWithoutCalls = pingsWithoutCalls
    readAt = now
  }

  /// Something was read, whatever it was.
  mutating func received(at now: NIODeadline) {
    readAt = now
    pingedAt = nil
  }

  /// What to do at ``nextCheck(after:)``, and when a call begins: one that begins after a long silence is not to be the
  /// first to notice that the peer has gone.
  mutating func check(now: NIODeadline, hasCalls: Bool) -> Action {
    if let pingedAt { return now - pingedAt >= timeout ? .close : .none }
    guard now - readAt >= time, hasCalls || pingsWithoutCalls else { return .none }
    pingedAt = now
    return .ping
  }

  /// When to look again, after `now`.
  func nextCheck(after now: NIODeadline) -> NIODeadline {
    if let pingedAt { return pingedAt + timeout }
    let due = readAt + time
    return due > now ? due : now + time
  }
}
