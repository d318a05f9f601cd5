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

  /// Bytes of one request's header list that are unpacked to refuse it properly; more ends the connection with
  /// ENHANCE_YOUR_CALM, for a few bytes on the wire may unpack to many. Default 256 KiB, 16 times
  /// ``headerListBytesMaximum``.
  public var headerListBytesTolerated = 256 << 10

  /// Bytes of one request message; more is refused with RESOURCE_EXHAUSTED before it is buffered. Default 4 MiB, as
  /// in other gRPC implementations.
  public var requestBytesMaximum = 4 << 20

  /// Other values of ``requestBytesMaximum`` for single methods, by `service/method`.
  public var requestBytesMaximumByMethod: [String: Int] = [:]

  /// Bytes of requests that one connection may have buffered and not yet taken by handlers; the call that goes over
  /// it is refused with RESOURCE_EXHAUSTED. Each complete message counts as 96 bytes more, for what it costs to keep.
  /// Default 12 MiB, three of the largest requests.
  public var bufferedRequestBytesMaximum = 12 << 20

  /// Bytes of compressed requests that one thread unpacks within 5 ms before it looks after its other connections.
  /// Default 2 MiB.
  public var unpackedBytesAtOnce = 2 << 20

  /// How long after a connection no longer needs memory that it held, in megabytes or for 128 calls at once, or after 64
  /// connections have ended, what the process has freed is given back to the system (`malloc_trim`). Default 2 s. Unless it is nil, starting a server also tells malloc, for the whole
  /// process, to take blocks of 128 KiB and more from the system one by one and to keep no more than 2 MiB free at the end
  /// of an arena.
  public var memoryReturnDelay: Duration? = .seconds(2)

  /// Bytes a client may send on one stream before a handler takes them. Default 256 KiB: one round trip of 10 ms at
  /// 25 MB/s.
  public var streamWindowBytes = 256 << 10

  /// Bytes a client may send on one connection before the server has read them. Default 1 MiB.
  public var connectionWindowBytes = 1 << 20

  /// Response bytes one stream may have waiting before its writer waits. Default 256 KiB.
  public var streamOutboundBytesMaximum = 256 << 10

  /// Response bytes one connection may have waiting before its writers wait, and before calls that have sent all of
  /// their request wait for their handler to start. Default 4 MiB.
  public var connectionOutboundBytesMaximum = 4 << 20

  /// Bytes of the header fields that carry the status of a failed call, counted as in RFC 9113 section 6.5.2: message and
  /// details are cut to it, the message to a quarter of it. Default 8 KiB, what clients commonly take; from 2 KiB to
  /// 60 KiB, for nghttp2 sends no more than 64. Metadata that handlers set comes on top.
  public var statusBytesMaximum = 8 << 10

  /// Frames other than DATA that one connection may have waiting while its client does not read; more closes it.
  /// Default 4,096, several for each of its streams.
  public var outboundFramesMaximum = 4096

  /// How long a connection may take from being accepted to its first SETTINGS, and to its acknowledgement of the
  /// server's (then it is ended with SETTINGS_TIMEOUT). Default 10 s.
  public var handshakeTimeout = Duration.seconds(10)

  /// How long a begun header block, a begun request message or a waiting response may stand still before its stream
  /// is ended. Default 30 s.
  public var progressTimeout = Duration.seconds(30)

  /// Bytes of a begun request message or of a waiting response that must move within ``progressTimeout``, unless fewer
  /// are left; less counts as standing still. Default 1 KiB.
  public var progressBytesMinimum = 1 << 10

  /// How long the request of a method that takes exactly one may take to arrive, however steadily it trickles in.
  /// Default 60 s.
  public var requestTimeout = Duration.seconds(60)

  /// The deadline of a unary call whose caller sets none, counted from its start; nil sets none. Default nil.
  public var unaryTimeout: Duration?

  /// Streams a peer may reset at once before its connection is ended with ENHANCE_YOUR_CALM. Default 1,000.
  public var resetBurst = 1000

  /// How many resets a peer wins back each second. Default 33.
  public var resetsPerSecond = 33

  /// Streams that a peer may cause to be reset at once by breaking their rules (RFC 9113 section 5.4.2) before its
  /// connection is ended with ENHANCE_YOUR_CALM. Default 100; a working client causes none.
  public var streamErrorBurst = 100

  /// How many of ``streamErrorBurst`` are won back each second. Default 10.
  public var streamErrorsPerSecond = 10

  /// SETTINGS, PING, PRIORITY, WINDOW_UPDATE and unknown frames, empty DATA frames and streams above the limit that a peer
  /// may send at once before its connection is ended with ENHANCE_YOUR_CALM; each DATA frame it is sent allows four more.
  /// PINGs are counted before by ``ServerKeepalive``. Default 10,000, what nghttp2 allows since 1.66.
  public var controlFrameBurst = 10_000

  /// How many of ``controlFrameBurst`` are won back each second. Default 330.
  public var controlFramesPerSecond = 330

  /// CONTINUATION frames one header block may have; more ends the connection with ENHANCE_YOUR_CALM. Default 8.
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
    // nghttp2 counts too, and ends the session with INTERNAL_ERROR: behind our own count, which may let twice the burst
    // through.
    settings.resetBurst = UInt64(clamping: resetBurst) * 2
    settings.resetsPerSecond = UInt64(clamping: resetsPerSecond) * 2
    settings.continuationsMaximum = continuationsMaximum
    return settings
  }
}
