public import NIOCore
public import NIOPosix

/// How a ``Channel`` connects and what it accepts. Every limit has a default that suits services behind one network.
public struct ChannelConfiguration: Sendable {
  /// The event loops that connections live on. Calls made on one of them use a connection of that loop and never change
  /// threads; give a server's own group to the channels that its handlers call.
  public var eventLoopGroup: any EventLoopGroup
  /// The `:authority` of every call; nil derives it from the target.
  public var authority: String?
  /// Put in `user-agent`, before the name of this library.
  public var userAgent: String?
  /// The pauses between attempts to connect.
  public var backoff: BackoffConfiguration
  /// What bounds the channel's memory.
  public var limits: ChannelLimits
  /// Which request messages are packed. Default ``CompressionConfiguration/defaults``: none. A call chooses for itself
  /// with ``CallOptions/compression``.
  public var compression: CompressionConfiguration
  /// How servers that are gone without a word are found. Default ``ClientKeepalive/defaults``: they are not.
  public var keepalive: ClientKeepalive
  /// How long a channel may be without calls before its connections are closed, at most a quarter later; the next call
  /// connects again. Each event loop's part of the channel counts for itself. Nil keeps them. Default 30 min, as in
  /// other gRPC implementations.
  public var idleTimeout: Duration?
  /// How long a further connection to an address (``ChannelLimits/connectionsPerAddressMaximum``) may be without calls before
  /// it is closed, at most a quarter later. Default 60 s: long enough to outlive the pauses between bursts.
  public var surplusIdleTimeout: Duration
  /// When the addresses of a host name are looked up again.
  public var resolution: ResolutionConfiguration
  /// How long ``Channel/close()`` lets running calls go on before it cancels them.
  public var closeGrace: Duration
  /// How connections are encrypted; nil, the default, leaves them in the clear.
  public var tls: ClientTLS?
  /// How calls are spread over servers, retried and bounded.
  public var serviceConfig: ServiceConfig

  /// Makes a configuration; whatever is not given has its default.
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

  /// The process-wide event loops, which servers use as well, and the limits of ``ChannelLimits/defaults``.
  public static var defaults: ChannelConfiguration { ChannelConfiguration() }
}

/// What bounds the memory of a ``Channel``, whatever its peers do.
public struct ChannelLimits: Sendable, Hashable {
  /// The largest message that is received; a larger one ends its call with RESOURCE_EXHAUSTED. 4 MiB, as in every gRPC
  /// implementation.
  public var receivedMessageBytes: Int
  /// The largest message that is sent; a larger one ends its call with RESOURCE_EXHAUSTED before anything is sent.
  public var sentMessageBytes: Int
  /// Other values of ``receivedMessageBytes`` for single methods, by `service/method`; a call's own
  /// ``CallOptions/responseBytesMaximum`` comes first.
  public var receivedMessageBytesByMethod: [String: Int] = [:]
  /// Other values of ``sentMessageBytes`` for single methods, by `service/method`; a call's own
  /// ``CallOptions/requestBytesMaximum`` comes first.
  public var sentMessageBytesByMethod: [String: Int] = [:]
  /// The largest block of response headers or trailers, counted as RFC 9113 section 6.5.2 does. 16 KiB.
  public var receivedHeaderBytes: Int
  /// Received messages of one stream that nobody took yet. Also the stream's flow-control window. 256 KiB: enough for a
  /// gigabit over 2 ms.
  public var receivedStreamBytes: Int
  /// The connection's flow-control window. Credit returns at once, so that one slow stream never stops the others.
  public var connectionWindowBytes: Int
  /// Sent messages of one stream that are not on the wire yet; a writer waits above it. 64 KiB.
  public var sentStreamBytes: Int
  /// Sent messages that one streaming call, or one call with an ``AttemptPolicy``, keeps to send them again. A request
  /// that is larger is not repeated. 256 KiB.
  public var replayBytes: Int
  /// The same for all such calls of the channel together. 16 MiB.
  public var replayBytesOfAllCalls: Int
  /// Connections to one address on one event loop: another is made when calls would have to wait because the server takes
  /// no more of them on those there are. 4; with 1 they wait.
  public var connectionsPerAddressMaximum: Int
  /// Calls that wait for a connection or for the peer's stream limit; one more ends with RESOURCE_EXHAUSTED.
  public var waitingCalls: Int

  /// Makes limits; whatever is not given has its default.
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

  /// The limits used when none are given.
  public static let defaults = ChannelLimits()
}
