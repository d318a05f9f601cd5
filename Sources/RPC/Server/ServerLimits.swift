/// The limits of one server, which keep its peers from exhausting it.
public struct ServerLimits: Sendable {
  /// Connections at once. A further one is closed when accepted. Default 16,384, well below the usual limit on open
  /// files.
  public var connectionsMaximum = 16_384

  /// Streams that one connection may have open at once (SETTINGS_MAX_CONCURRENT_STREAMS). nghttp2 refuses more with
  /// REFUSED_STREAM. Default 256: several times what a client needs to keep a core busy.
  public var streamsMaximum = 256

  /// Handlers that one connection may have running at once, including those whose stream was reset and that have not
  /// stopped yet. A further call is refused with RESOURCE_EXHAUSTED. Default 512, twice ``streamsMaximum``.
  public var runningHandlersMaximum = 512

  /// Calls in flight on the whole server. A further one is refused with RESOURCE_EXHAUSTED and
  /// `grpc-retry-pushback-ms`. Default 10,000.
  public var callsInFlightMaximum = 10_000

  /// What is refused first while many calls are in flight, by `service/method`. Methods without an entry are refused last,
  /// calls of unknown methods first.
  public var priorityByMethod: [String: CallPriority] = [:]

  /// When a refused caller may try again (`grpc-retry-pushback-ms`). Default 250 ms.
  public var retryPushback = Duration.milliseconds(250)

  /// Bytes of one request's header list, counted as in RFC 9113 section 6.5.2. More are refused with
  /// RESOURCE_EXHAUSTED. Default 16 KiB.
  public var headerListBytesMaximum = 16 << 10

  /// Bytes of one request's header list that are decoded in order to refuse it properly. More end the connection with
  /// ENHANCE_YOUR_CALM, because a few bytes on the wire may decode to many. Default 256 KiB, 16 times
  /// ``headerListBytesMaximum``.
  public var headerListBytesTolerated = 256 << 10

  /// Bytes of one request message. More are refused with RESOURCE_EXHAUSTED before buffering. Default 4 MiB, as in
  /// other gRPC implementations.
  public var requestBytesMaximum = 4 << 20

  /// Values of ``requestBytesMaximum`` for single methods, by `service/method`.
  public var requestBytesMaximumByMethod: [String: Int] = [:]

  /// Request bytes that one connection may have buffered before handlers read them. The call that exceeds it is refused
  /// with RESOURCE_EXHAUSTED. Each complete message counts 96 bytes more for its storage. Default 12 MiB, three of the
  /// largest requests.
  public var bufferedRequestBytesMaximum = 12 << 20

  /// Bytes of compressed requests that one thread decompresses within 5 ms before it serves its other connections.
  /// Default 2 MiB.
  public var unpackedBytesAtOnce = 2 << 20

  /// How long until freed memory is returned to the system (`malloc_trim`) after a connection released megabytes or ran
  /// 128 calls at once, or after 64 connections have ended. Default 2 s. Unless it is nil, starting a server also sets
  /// malloc, for the whole process, to allocate blocks of 128 KiB and more from the system one by one and to retain at
  /// most 2 MiB at the end of an arena.
  public var memoryReturnDelay: Duration? = .seconds(2)

  /// Bytes that a client may send on one stream before a handler reads them. Default 256 KiB: one round trip of 10 ms
  /// at 25 MB/s.
  public var streamWindowBytes = 256 << 10

  /// Bytes that a client may send on one connection before the server has read them. Default 1 MiB.
  public var connectionWindowBytes = 1 << 20

  /// Response bytes that one stream may have queued before its writer waits. Default 256 KiB.
  public var streamOutboundBytesMaximum = 256 << 10

  /// Response bytes that one connection may have queued before its writers wait, and before calls with a complete
  /// request wait for their handler to start. Default 4 MiB.
  public var connectionOutboundBytesMaximum = 4 << 20

  /// Bytes of the header fields that carry the status of a failed call, counted as in RFC 9113 section 6.5.2. Message
  /// and details are truncated to it, the message to a quarter of it. Default 8 KiB, what clients commonly accept. From
  /// 2 KiB to 60 KiB, because nghttp2 sends at most 64. Metadata of handlers is added to it.
  public var statusBytesMaximum = 8 << 10

  /// Frames other than DATA that one connection may have queued while its client does not read. More close it. Default
  /// 4,096, several for each of its streams.
  public var outboundFramesMaximum = 4096

  /// How long a connection may take from its acceptance to its first SETTINGS, and to its acknowledgement of the
  /// server's (then it is ended with SETTINGS_TIMEOUT). Default 10 s.
  public var handshakeTimeout = Duration.seconds(10)

  /// How long an incomplete header block, an incomplete request message or a queued response may stall before its
  /// stream is ended. Default 30 s.
  public var progressTimeout = Duration.seconds(30)

  /// Bytes of an incomplete request message or of a queued response that must move within ``progressTimeout``, unless
  /// fewer are left. Fewer count as stalled. Default 1 KiB.
  public var progressBytesMinimum = 1 << 10

  /// How long the request of a method with one request message may take to arrive, however steadily it trickles in.
  /// Default 60 s.
  public var requestTimeout = Duration.seconds(60)

  /// The deadline of a unary call whose caller sets none, counted from its start. Nil sets none. Default nil.
  public var unaryTimeout: Duration?

  /// Streams that a peer may reset at once before its connection is ended with ENHANCE_YOUR_CALM. Default 1,000.
  public var resetBurst = 1000

  /// How many resets a peer may make each second in the long run. Default 33.
  public var resetsPerSecond = 33

  /// Streams that a peer may cause to be reset at once by violating their rules (RFC 9113 section 5.4.2) before its
  /// connection is ended with ENHANCE_YOUR_CALM. Default 100; a working client causes none.
  public var streamErrorBurst = 100

  /// How many of ``streamErrorBurst`` are refilled each second. Default 10.
  public var streamErrorsPerSecond = 10

  /// SETTINGS, PING, PRIORITY, WINDOW_UPDATE and unknown frames, empty DATA frames and streams above the limit that a
  /// peer may send at once before its connection is ended with ENHANCE_YOUR_CALM. Each DATA frame sent to it allows
  /// four more. PINGs are counted before by ``ServerKeepalive``. Default 10,000, the limit of nghttp2 since 1.66.
  public var controlFrameBurst = 10_000

  /// How many of ``controlFrameBurst`` are refilled each second. Default 330.
  public var controlFramesPerSecond = 330

  /// CONTINUATION frames of one header block. More end the connection with ENHANCE_YOUR_CALM. Default 8.
  public var continuationsMaximum = 8

  /// PING and SETTINGS acknowledgements that may be queued for a peer that does not read. Default 1,000.
  public var outboundAcknowledgementsMaximum = 1000

  /// The defaults.
  public static let defaults = ServerLimits()

  /// Makes limits with the defaults.
  public init() {}
}

/// What is refused first under load (``ServerLimits/priorityByMethod``).
public enum CallPriority: Sendable, Hashable {
  /// Refused from seven tenths of the calls in flight that the server takes.
  case browsing
  /// Refused from nine tenths.
  case normal
  /// Refused only at the limit.
  case checkout

  func share(of calls: Int) -> Int {
    switch self {
    case .browsing: max(1, calls / 10 * 7 + calls % 10 * 7 / 10)
    case .normal: max(1, calls / 10 * 9 + calls % 10 * 9 / 10)
    case .checkout: calls
    }
  }
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
    // nghttp2 counts too, and ends the session with INTERNAL_ERROR. Its limit is behind ours, which may allow twice the
    // burst.
    settings.resetBurst = UInt64(clamping: resetBurst) * 2
    settings.resetsPerSecond = UInt64(clamping: resetsPerSecond) * 2
    settings.continuationsMaximum = continuationsMaximum
    return settings
  }
}
