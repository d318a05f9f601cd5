/// How a channel detects a silently lost server (grpc/grpc doc/keepalive.md, gRFC A8). Off by default. Agree with the
/// server's operator before turning it on, because servers close connections that ping too often.
public struct ClientKeepalive: Sendable, Hashable {
  /// How long a connection may be silent before a PING is sent. At least 10 s (gRFC A8). Nil, the default, sends none.
  public var time: Duration?

  /// How long a connection may be silent after the PING before it is closed and its calls fail with UNAVAILABLE.
  /// Default 20 s (gRFC A8).
  public var timeout = Duration.seconds(20)

  /// Whether PINGs are sent on connections without calls too. Default false (gRFC A8).
  public var pingsWithoutCalls = false

  /// The defaults.
  public static let defaults = ClientKeepalive()

  /// Makes settings. Omitted parameters have their defaults.
  public init(time: Duration? = nil, timeout: Duration = .seconds(20), pingsWithoutCalls: Bool = false) {
    self.time = time
    self.timeout = timeout
    self.pingsWithoutCalls = pingsWithoutCalls
  }
}

extension ClientKeepalive {
  private static let timeMinimum = Duration.seconds(10)

  /// ``time``, at least the minimum.
  var effectiveTime: Duration? { time.map { max($0, Self.timeMinimum) } }

  /// Doubles the time after a server found that a connection with the settings `used` pings too often (gRFC A8).
  /// Ignores connections with older settings.
  mutating func slowDown(from used: ClientKeepalive) {
    guard let time, let tooShort = used.effectiveTime else { return }
    self.time = max(time, tooShort * 2)
  }
}
