import NIOCore

/// Detects a lost peer on a silent connection: sends a PING after a silence, and closes when nothing is read after that
/// (gRFC A8, "Basic Keepalive"; gRFC A9 for servers).
struct Keepalive: Sendable, Hashable {
  enum Action: Sendable, Hashable {
    case none
    /// Send a PING with ``pingPayload``.
    case ping
    /// The peer is lost.
    case close
  }

  /// Distinguishes these PINGs from others.
  static let pingPayload: UInt64 = 0x7061_7472_6f6e_0002

  private let time: TimeAmount
  private let timeout: TimeAmount
  private let pingsWithoutCalls: Bool
  private var readAt: NIODeadline
  private var pingedAt: NIODeadline?

  /// - Parameters:
  ///   - time: The silence before a PING.
  ///   - timeout: The silence after the PING before closing.
  ///   - pingsWithoutCalls: Whether a connection without calls is checked too.
  init(time: Duration, timeout: Duration, pingsWithoutCalls: Bool, now: NIODeadline) {
    self.time = TimeAmount(time)
    self.timeout = TimeAmount(timeout)
    self.pingsWithoutCalls = pingsWithoutCalls
    readAt = now
  }

  /// Records that something was read.
  mutating func received(at now: NIODeadline) {
    readAt = now
    pingedAt = nil
  }

  /// Returns the action at ``nextCheck(after:)``, and at the start of a call, which must not be the first to notice a
  /// lost peer after a long silence.
  mutating func check(now: NIODeadline, hasCalls: Bool) -> Action {
    if let pingedAt { return now - pingedAt >= timeout ? .close : .none }
    guard now - readAt >= time, hasCalls || pingsWithoutCalls else { return .none }
    pingedAt = now
    return .ping
  }

  /// Returns when to check again after `now`.
  func nextCheck(after now: NIODeadline) -> NIODeadline {
    if let pingedAt { return pingedAt + timeout }
    let due = readAt + time
    return due > now ? due : now + time
  }
}
