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
