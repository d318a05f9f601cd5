/// How a channel finds out that a server is gone without a word (grpc/grpc doc/keepalive.md, gRFC A8). Off by default;
/// agree with whoever runs the server before turning it on, as servers end connections that ping too often.
public struct ClientKeepalive: Sendable, Hashable {
  /// How long nothing is read from a connection before it is sent a PING; less than 10 s counts as 10 s (gRFC A8). Nil
  /// sends none. Default nil.
  public var time: Duration?

  /// How long after the PING nothing is read before the connection is closed and its calls fail with UNAVAILABLE.
  /// Default 20 s (gRFC A8).
  public var timeout = Duration.seconds(20)

  /// Whether connections without calls are sent PINGs too. Default false (gRFC A8).
  public var pingsWithoutCalls = false

  /// The defaults.
  public static let defaults = ClientKeepalive()

  /// Makes settings; whatever is not given has its default.
  public init(time: Duration? = nil, timeout: Duration = .seconds(20), pingsWithoutCalls: Bool = false) {
    self.time = time
    self.timeout = timeout
    self.pingsWithoutCalls = pingsWithoutCalls
  }
}

extension ClientKeepalive {
  private static let timeMinimum = Duration.seconds(10)

  /// ``time``, but no less than is allowed.
  var effectiveTime: Duration? { time.map { max($0, Self.timeMinimum) } }

  /// A server found a connection with the settings `used` to ping too often: the next waits twice as long (gRFC A8). A
  /// connection that is older than the latest lesson teaches nothing new.
  mutating func slowDown(from used: ClientKeepalive) {
    guard let time, let tooShort = used.effectiveTime else { return }
    self.time = max(time, tooShort * 2)
  }
}
