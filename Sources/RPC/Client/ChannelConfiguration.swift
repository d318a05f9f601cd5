public import NIOCore
public import NIOPosix

/// How a ``Channel`` connects, and its limits. Every limit has a default for services behind one network.
public struct ChannelConfiguration: Sendable {
  /// The event loops of the connections. Calls made on one of them use a connection of that loop and never change
  /// threads. Use a server's group for the channels that its handlers call.
  public var eventLoopGroup: any EventLoopGroup
  /// The `:authority` of every call. Nil derives it from the target.
  public var authority: String?
  /// A prefix of `user-agent`, before the name of this library.
  public var userAgent: String?
  /// The pauses between attempts to connect.
  public var backoff: BackoffConfiguration
  /// The bounds of the channel's memory.
  public var limits: ChannelLimits
  /// Which request messages are compressed. Default ``CompressionConfiguration/defaults``: none. A call overrides it
  /// with ``CallOptions/compression``.
  public var compression: CompressionConfiguration
  /// How silently lost servers are detected. Default ``ClientKeepalive/defaults``: they are not.
  public var keepalive: ClientKeepalive
  /// How long a channel may be without calls before its connections are closed, at most a quarter later. The next call
  /// connects again. Each event loop of the channel counts for itself. Nil never closes them. Default 30 min, as in
  /// other gRPC implementations.
  public var idleTimeout: Duration?
  /// How long a further connection to an address (``ChannelLimits/connectionsPerAddressMaximum``) may be without calls
  /// before it is closed, at most a quarter later. Default 60 s: long enough to outlive the pauses between bursts.
  public var surplusIdleTimeout: Duration
  /// When the addresses of a host name are looked up again.
  public var resolution: ResolutionConfiguration
  /// How long ``Channel/close()`` lets running calls continue before it cancels them.
  public var closeGrace: Duration
  /// How connections are encrypted. Nil, the default: not at all.
  public var tls: ClientTLS?
  /// How calls are balanced, repeated and limited.
  public var serviceConfig: ServiceConfig

  /// Makes a configuration. Omitted parameters have their defaults.
  public init(
    eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    authority: String? = nil,
    userAgent: String? = nil,
    backoff: BackoffConfiguration = .defaults,
    limits: ChannelLimits = .defaults,
    compression: CompressionConfiguration = .defaults,
    keepalive: ClientKeepalive = .defaults,
    idleTimeout: Duration? = .seconds(1800),
    surplusIdleTimeout: Duration = .seconds(60),
    resolution: ResolutionConfiguration = .defaults,
    closeGrace: Duration = .seconds(10),
    tls: ClientTLS? = nil,
    serviceConfig: ServiceConfig = ServiceConfig()
  ) {
    self.eventLoopGroup = eventLoopGroup
    self.authority = authority
    self.userAgent = userAgent
    self.backoff = backoff
    self.limits = limits
    self.compression = compression
    self.keepalive = keepalive
    self.idleTimeout = idleTimeout
    self.surplusIdleTimeout = surplusIdleTimeout
    self.resolution = resolution
    self.closeGrace = closeGrace
    self.tls = tls
    self.serviceConfig = serviceConfig
  }

  /// The process-wide event loops, which servers share, and the limits of ``ChannelLimits/defaults``.
  public static var defaults: ChannelConfiguration { ChannelConfiguration() }
}

/// The bounds of a ``Channel``'s memory, whatever its peers do.
public struct ChannelLimits: Sendable, Hashable {
  /// The largest received message. A larger one ends its call with RESOURCE_EXHAUSTED. 4 MiB, as in every gRPC
  /// implementation.
  public var receivedMessageBytes: Int
  /// The largest sent message. A larger one ends its call with RESOURCE_EXHAUSTED before anything is sent.
  public var sentMessageBytes: Int
  /// Values of ``receivedMessageBytes`` for single methods, by `service/method`. A call's
  /// ``CallOptions/responseBytesMaximum`` takes precedence.
  public var receivedMessageBytesByMethod: [String: Int] = [:]
  /// Values of ``sentMessageBytes`` for single methods, by `service/method`. A call's
  /// ``CallOptions/requestBytesMaximum`` takes precedence.
  public var sentMessageBytesByMethod: [String: Int] = [:]
  /// The largest block of response headers or trailers, counted as in RFC 9113 section 6.5.2. 16 KiB.
  public var receivedHeaderBytes: Int
  /// Unread received bytes of one stream, which is also the stream's flow-control window. 256 KiB: enough for a gigabit
  /// over 2 ms.
  public var receivedStreamBytes: Int
  /// The connection's flow-control window. Credit is returned at once, so one slow stream never stops the others.
  public var connectionWindowBytes: Int
  /// Unsent bytes of one stream. A writer waits above it. 64 KiB.
  public var sentStreamBytes: Int
  /// Sent bytes that one streaming call, or one call with an ``AttemptPolicy``, stores for repetition. A larger request
  /// is not repeated. 256 KiB.
  public var replayBytes: Int
  /// Sent bytes that all such calls of the channel store together. 16 MiB.
  public var replayBytesOfAllCalls: Int
  /// Connections to one address on one event loop. Another one is opened when calls would have to wait for the server's
  /// limit. 4; with 1 they wait.
  public var connectionsPerAddressMaximum: Int
  /// Calls that wait for a connection or for the peer's stream limit. One more ends with RESOURCE_EXHAUSTED.
  public var waitingCalls: Int

  /// Makes limits. Omitted parameters have their defaults.
  public init(
    receivedMessageBytes: Int = 4 << 20,
    sentMessageBytes: Int = 64 << 20,
    receivedHeaderBytes: Int = 16 << 10,
    receivedStreamBytes: Int = 256 << 10,
    connectionWindowBytes: Int = 4 << 20,
    sentStreamBytes: Int = 64 << 10,
    replayBytes: Int = 256 << 10,
    replayBytesOfAllCalls: Int = 16 << 20,
    connectionsPerAddressMaximum: Int = 4,
    waitingCalls: Int = 100_000
  ) {
    self.receivedMessageBytes = receivedMessageBytes
    self.sentMessageBytes = sentMessageBytes
    self.receivedHeaderBytes = receivedHeaderBytes
    self.receivedStreamBytes = receivedStreamBytes
    self.connectionWindowBytes = connectionWindowBytes
    self.sentStreamBytes = sentStreamBytes
    self.replayBytes = replayBytes
    self.replayBytesOfAllCalls = replayBytesOfAllCalls
    self.connectionsPerAddressMaximum = connectionsPerAddressMaximum
    self.waitingCalls = waitingCalls
  }

  /// The default limits.
  public static let defaults = ChannelLimits()
}
