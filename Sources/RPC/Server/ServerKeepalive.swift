/// How a server finds clients that are gone, and how often clients may ask whether the server is still there (grpc/grpc
/// doc/keepalive.md, gRFC A8 and A9).
public struct ServerKeepalive: Sendable, Hashable {
  /// How long nothing is read from a connection, with or without calls, before it is sent a PING; nil sends none.
  /// Default 2 h (gRFC A9).
  public var time: Duration? = .seconds(7200)

  /// How long after the PING nothing is read before the connection is closed. Default 20 s (gRFC A9).
  public var timeout = Duration.seconds(20)

  /// The shortest time between two PINGs of a client; one that comes sooner is a strike, unless HEADERS or DATA were sent
  /// to the client in between. Default 5 min (gRFC A8).
  public var clientPingInterval = Duration.seconds(300)

  /// Whether clients without calls may send PINGs that often too; otherwise 2 h must lie between them. Default false
  /// (gRFC A8).
  public var permitsClientPingsWithoutCalls = false

  /// The strikes that are forgiven; one more ends the connection with GOAWAY(ENHANCE_YOUR_CALM, "too_many_pings"). Nil
  /// forgives all. Default 2 (gRFC A8).
  public var clientPingStrikesMaximum: Int? = 2

  /// The defaults.
  public static let defaults = ServerKeepalive()

  /// Makes settings with the defaults.
  public init() {}
}
