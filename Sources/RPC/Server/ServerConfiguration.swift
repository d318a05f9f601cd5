/// Where a server listens and what it grants.
public struct ServerConfiguration: Sendable {
  /// The addresses to listen on; at least one.
  public var addresses: [ListenAddress]

  /// Threads that serve connections; nil shares the process-wide ones with the clients, one per core.
  public var eventLoopThreads: Int?

  /// The bounds.
  public var limits: ServerLimits

  /// Which response messages are packed, for clients that take it. Default ``CompressionConfiguration/defaults``: none.
  /// A handler chooses for its call with ``ServerContext/compression``.
  public var compression = CompressionConfiguration.defaults

  /// How clients that are gone are found, and how often clients may ask for a sign of life. Default
  /// ``ServerKeepalive/defaults``.
  public var keepalive = ServerKeepalive.defaults

  /// How long a connection that works is kept. Default ``ConnectionLifetime/defaults``: without limits.
  public var lifetime = ConnectionLifetime.defaults

  /// How connections are encrypted; nil, the default, leaves them in the clear. Holds for every address.
  public var tls: ServerTLS?

  /// Whether every error goes out with an ``ErrorInfo``: the runtime's own errors, and those of handlers that have
  /// none. Default true. False sends the details that handlers give and no others, as conformance suites demand.
  public var addsErrorInfo = true

  /// How many connections may wait to be accepted. Default 1,024.
  public var backlog = 1024

  /// How long a draining connection waits for the peer's answer to its PING before it names its last stream anyway.
  /// Default 5 s.
  public var drainPingTimeout = Duration.seconds(5)

  /// How long ``Server/shutdown(grace:)`` waits, after the grace, for handlers that it has cancelled. Default 5 s.
  public var cancellationGrace = Duration.seconds(5)

  /// Makes a configuration.
  public init(addresses: [ListenAddress], eventLoopThreads: Int? = nil, limits: ServerLimits = .defaults) {
    self.addresses = addresses
    self.eventLoopThreads = eventLoopThreads
    self.limits = limits
  }
}

/// An address a server listens on.
public enum ListenAddress: Sendable, Hashable {
  /// A TCP port on a host name or IP address; port 0 lets the system choose.
  case tcp(host: String, port: Int)
  /// A unix domain socket at a path; a socket file left behind is replaced.
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

/// How long a server keeps a connection that works (gRFC A9). Everything is unlimited by default.
public struct ConnectionLifetime: Sendable, Hashable {
  /// How old a connection may become, give or take a tenth that is drawn for each; then its calls finish and it ends,
  /// and the client connects anew, perhaps to another server. Default nil, without end.
  public var ageMaximum: Duration?

  /// How long the calls of a connection that became too old may take before they are cut off. Default nil, as long as
  /// they need.
  public var ageGrace: Duration?

  /// How long a connection may be without calls before it is ended, at most a quarter later. Default nil, without
  /// end.
  public var idleMaximum: Duration?

  /// Without limits.
  public static let defaults = ConnectionLifetime()

  /// Makes a lifetime; whatever is not given is unlimited.
  public init(ageMaximum: Duration? = nil, ageGrace: Duration? = nil, idleMaximum: Duration? = nil) {
    self.ageMaximum = ageMaximum
    self.ageGrace = ageGrace
    self.idleMaximum = idleMaximum
  }
}
