/// What one server grants before it refuses: every bound that keeps a peer from using it up.
public struct ServerLimits: Sendable {
  /// Connections at once; a further one is closed as soon as it is accepted. Default 16,384, well under the usual
  /// limit on open files of a service.
  public var connectionsMaximum = 16_384

  /// Streams one connection may have open at once (SETTINGS_MAX_CONCURRENT_STREAMS); nghttp2 refuses more with
  /// REFUSED_STREAM. Default 256: several times what a client needs to keep a core busy.
  public var streamsMaximum = 256

  /// Handlers one connection may have running at once, counting those whose stream was reset and that have not
  /// stopped yet; a further call is refused with RESOURCE_EXHAUSTED. Default 512, twice ``streamsMaximum``.
  public var runningHandlersMaximum = 512

  /// Calls in flight on the whole server; a further one is refused with RESOURCE_EXHAUSTED and
  /// `grpc-retry-pushback-ms`. Default 10,000.
  public var callsInFlightMaximum = 10_000

  /// When a refused caller may come back (`grpc-retry-pushback-ms`). Default 250 ms.
  public var retryPushback = Duration.milliseconds(250)

  /// Bytes of one request's header list, counted as in RFC 9113 section 6.5.2; more is refused with
  /// RESOURCE_EXHAUSTED. Default 16 KiB.
  public var headerListBytesMaximum = 16 << 10

  /// Bytes of one request message; more is refused with RESOURCE_EXHAUSTED before it is buffered. Default 4 MiB, as
  /// in other gRPC implementations.
  public var requestBytesMaximum = 4 << 20

  /// Other values of ``requestBytesMaximum`` for single methods, by `service/method`.
  public var requestBytesMaximumByMethod: [String: Int] = [:]

  /// Bytes of requests that one connection may have buffered and not yet taken by handlers; the call that goes over
  /// it is refused with RESOURCE_EXHAUSTED. Default 32 MiB, eight of the largest requests.
  public var bufferedRequestBytesMaximum = 32 << 20

  /// Bytes a client may send on one stream before a handler takes them. Default 256 KiB: one round trip of 10 ms at
  /// 25 MB/s.
  public var streamWindowBytes = 256 << 10

  /// Bytes a client may send on one connection before the server has read them. Default 1 MiB.
  public var connectionWindowBytes = 1 << 20

  /// Response bytes one stream may have waiting before its writer waits. Default 256 KiB.
  public var streamOutboundBytesMaximum = 256 << 10

  /// Response bytes one connection may have waiting before its writers wait. Default 4 MiB.
  public var connectionOutboundBytesMaximum = 4 << 20

  /// How long a connection may take from being accepted to its first SETTINGS. Default 10 s.
  public var handshakeTimeout = Duration.seconds(10)

  /// How long a begun header block, a begun request message or a waiting response may stand still before its stream
  /// is ended. Default 30 s.
  public var progressTimeout = Duration.seconds(30)

  /// How long the request of a method that takes exactly one may take to arrive, however steadily it trickles in.
  /// Default 60 s.
  public var requestTimeout = Duration.seconds(60)

  /// The deadline of a unary call whose caller sets none, counted from its start; nil sets none. Default nil.
  public var unaryTimeout: Duration?

  /// Streams a peer may reset at once before its connection is ended with ENHANCE_YOUR_CALM. Default 1,000.
  public var resetBurst = 1000

  /// How many resets a peer wins back each second. Default 33.
  public var resetsPerSecond = 33

  /// CONTINUATION frames one header block may have. Default 8.
  public var continuationsMaximum = 8

  /// PING and SETTINGS acknowledgements that may wait for a peer that does not read. Default 1,000.
  public var outboundAcknowledgementsMaximum = 1000

  /// The defaults.
  public static let defaults = ServerLimits()

  /// Makes limits with the defaults.
  public init() {}
}

extension ServerLimits {
  /// The session's part of these limits.
  var http2Settings: HTTP2Settings {
    var settings = HTTP2Settings()
    settings.concurrentStreamsMaximum = UInt32(clamping: streamsMaximum)
    settings.streamWindowBytes = Int32(clamping: streamWindowBytes)
    settings.connectionWindowBytes = Int32(clamping: connectionWindowBytes)
    settings.headerListBytesMaximum = UInt32(clamping: headerListBytesMaximum)
    settings.outboundAcknowledgementsMaximum = outboundAcknowledgementsMaximum
    settings.resetBurst = UInt64(clamping: resetBurst)
    settings.resetsPerSecond = UInt64(clamping: resetsPerSecond)
    settings.continuationsMaximum = continuationsMaximum
    return settings
  }
}
