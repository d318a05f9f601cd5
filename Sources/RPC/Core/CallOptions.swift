/// The options of one client call.
public struct CallOptions: Sendable {
  /// The timeout of the call from its start, nil for none. The channel's ``ServiceConfig`` for the method also applies,
  /// and inside a handler the remaining time of the call being served. The smallest wins.
  public var timeout: Duration?
  /// Metadata to send with the request.
  public var metadata: Metadata
  /// Whether to wait for a connection instead of failing with `UNAVAILABLE` while there is none. Nil is the channel's
  /// ``ServiceConfig`` for the method, or else false.
  public var waitForReady: Bool?
  /// The largest request message in bytes. Nil is the channel's limit.
  public var requestBytesMaximum: Int?
  /// The largest response message in bytes. Nil is the channel's limit.
  public var responseBytesMaximum: Int?
  /// The compression of request messages. Nil is the channel's ``ChannelConfiguration/compression``. Small messages are
  /// not compressed, nor is any once the server has refused gzip.
  public var compression: Compression?
  /// Observers of the call, for example of its response metadata.
  public var observers: [any CallObserver]

  /// Makes options. The defaults are neutral.
  public init(
    timeout: Duration? = nil,
    metadata: Metadata = Metadata(),
    waitForReady: Bool? = nil,
    requestBytesMaximum: Int? = nil,
    responseBytesMaximum: Int? = nil,
    compression: Compression? = nil,
    observers: [any CallObserver] = []
  ) {
    self.timeout = timeout
    self.metadata = metadata
    self.waitForReady = waitForReady
    self.requestBytesMaximum = requestBytesMaximum
    self.responseBytesMaximum = responseBytesMaximum
    self.compression = compression
    self.observers = observers
  }
}
