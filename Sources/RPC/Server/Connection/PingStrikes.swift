import NIOCore

/// Counts the PINGs that a client sends too often (gRFC A8, "Server Enforcement").
struct PingStrikes: Sendable, Hashable {
  /// The debug data of the GOAWAY that ends the connection. Clients recognise it.
  static let debugData = "too_many_pings"
  /// The allowed interval of a client without calls when PINGs without calls are not permitted: that of TCP's keepalive
  /// (RFC 1122 section 4.2.3.6).
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

  /// Records sent HEADERS or DATA, after which a client may well measure the connection with a PING.
  mutating func sentToCall() {
    validAt = nil
    strikes = 0
  }

  /// - Returns: Whether this PING is the first one too many.
  mutating func received(now: NIODeadline, hasCalls: Bool) -> Bool {
    if let validAt, now - validAt < (hasCalls ? interval : idleInterval) {
      strikes += 1
      return strikesMaximum.map { strikes == $0 + 1 } ?? false
    }
    validAt = now
    return false
  }
}
