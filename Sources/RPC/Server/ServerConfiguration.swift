/// A server's addresses and limits.
public struct ServerConfiguration: Sendable {
  /// The addresses to listen on, at least one.
  public var addresses: [ListenAddress]

  /// The number of threads for connections. Nil shares the process-wide ones with the clients, one per core.
  public var eventLoopThreads: Int?

  /// The bounds.
  public var limits: ServerLimits

  /// Which response messages are compressed for clients that accept it. Default ``CompressionConfiguration/defaults``:
  /// none. A handler overrides it with ``ServerContext/compression``.
  public var compression = CompressionConfiguration.defaults

  /// How lost clients are detected, and how often clients may send PINGs. Default ``ServerKeepalive/defaults``.
  public var keepalive = ServerKeepalive.defaults

  /// How long a working connection may last. Default ``ConnectionLifetime/defaults``: without limits.
  public var lifetime = ConnectionLifetime.defaults

  /// How connections are encrypted on every address. Nil, the default: not at all.
  public var tls: ServerTLS?

  /// Whether HTTP/1.1, gRPC-Web and Connect are served too, and how. Nil, the default: gRPC over HTTP/2 alone.
  public var web: WebConfiguration?

  /// Whether every error has an ``ErrorInfo``: the runtime's errors, and those of handlers without one. Default true.
  /// False sends only the details of handlers, as conformance suites require.
  public var addsErrorInfo = true

  /// How many connections may wait to be accepted. Default 1,024.
  public var backlog = 1024

  /// How long a draining connection waits for the answer to its PING before it sends its last stream anyway. Default 5
  /// s.
  public var drainPingTimeout = Duration.seconds(5)

  /// How long ``Server/shutdown(grace:)`` waits, after the grace, for cancelled handlers. Default 5 s.
  public var cancellationGrace = Duration.seconds(5)

  /// Makes a configuration.
  public init(addresses: [ListenAddress], eventLoopThreads: Int? = nil, limits: ServerLimits = .defaults) {
    self.addresses = addresses
    self.eventLoopThreads = eventLoopThreads
    self.limits = limits
  }
}

/// An address to listen on.
public enum ListenAddress: Sendable, Hashable {
  /// A TCP port on a host name or IP address. Port 0 lets the system choose.
  case tcp(host: String, port: Int)
  /// A unix domain socket at a path. A stale socket file is replaced.
  case unix(path: String)
}

extension ListenAddress: CustomStringConvertible {
  /// `host:port`, with IPv6 hosts in brackets, or `unix:path`.
  public var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

/// How a server detects lost clients, and how often clients may send PINGs (grpc/grpc doc/keepalive.md, gRFC A8 and
/// A9).
public struct ServerKeepalive: Sendable, Hashable {
  /// How long a connection may be silent, with or without calls, before a PING is sent. Nil sends none. Default 2 h
  /// (gRFC A9).
  public var time: Duration? = .seconds(7200)

  /// How long a connection may be silent after the PING before it is closed. Default 20 s (gRFC A9).
  public var timeout = Duration.seconds(20)

  /// The shortest time between two PINGs of a client. An earlier one is a strike, unless HEADERS or DATA were sent to
  /// the client in between. Default 5 min (gRFC A8).
  public var clientPingInterval = Duration.seconds(300)

  /// Whether clients without calls may send PINGs as often. Otherwise the shortest time is 2 h. Default false (gRFC
  /// A8).
  public var permitsClientPingsWithoutCalls = false

  /// The number of tolerated strikes. One more ends the connection with GOAWAY(ENHANCE_YOUR_CALM, "too_many_pings").
  /// Nil tolerates all. Default 2 (gRFC A8).
  public var clientPingStrikesMaximum: Int? = 2

  /// The defaults.
  public static let defaults = ServerKeepalive()

  /// Makes settings with the defaults.
  public init() {}
}

/// How long a server keeps a working connection (gRFC A9). Everything is unlimited by default.
public struct ConnectionLifetime: Sendable, Hashable {
  /// The greatest age of a connection, within a random tenth. Then its calls finish and it ends, and the client
  /// reconnects, perhaps to another server. Default nil, unlimited.
  public var ageMaximum: Duration?

  /// How long the calls of a connection beyond its greatest age may continue. Default nil, unlimited.
  public var ageGrace: Duration?

  /// How long a connection may be without calls before it is ended, at most a quarter later. Default nil, unlimited.
  public var idleMaximum: Duration?

  /// No limits.
  public static let defaults = ConnectionLifetime()

  /// Makes a lifetime. Omitted parameters are unlimited.
  public init(ageMaximum: Duration? = nil, ageGrace: Duration? = nil, idleMaximum: Duration? = nil) {
    self.ageMaximum = ageMaximum
    self.ageGrace = ageGrace
    self.idleMaximum = idleMaximum
  }
}
