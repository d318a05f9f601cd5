import NIOCore

/// Counts the PINGs that a client sends more often than it may (gRFC A8, "Server Enforcement").
struct PingStrikes: Sendable, Hashable {
  /// The debug data of the GOAWAY that ends the connection; clients know it.
  static let debugData = "too_many_pings"
  /// What a client without calls may do when it should not ping: as often as TCP's own keepalive (RFC 1122 section
  /// 4.2.3.6).
  private static let intervalWithoutCalls = Duration.seconds(7200)

  private let interval: TimeAmount
  private let idleInterval: TimeAmount
  private let strikesMaximum: Int?
  private var validAt: NIODeadline?
  private var strikes = 0

  init(_ configuration: ServerKeepalive) {
    let interval = configuration.clientPingInterval
    self.interval = TimeAmount(interval)
    idleInterval = TimeAmount(
      configuration.permitsClientPingsWithoutCalls ? interval : max(interval, Self.intervalWithoutCalls)
    )
    strikesMaximum = configuration.clientPingStrikesMaximum
  }

  /// The server has sent HEADERS or DATA since the last PING: a client may well measure the connection it works with.
  mutating func sentToCall() {
    validAt = nil
    strikes = 0
  }

  /// - Returns: whether this PING is the first too many.
  mutating func received(now: NIODeadline, hasCalls: Bool) -> Bool {
    if let validAt, now - validAt < (hasCalls ? interval : idleInterval) {
      strikes += 1
      return strikesMaximum.map { strikes == $0 + 1 } ?? false
    }
    validAt = now
    return false
  }
}
