/// What one client call asks for beside its message.
public struct CallOptions: Sendable {
  /// How long the call may take, counted from its start; nil is no limit of its own. What the channel's
  /// ``ServiceConfig`` says of the method applies too, and inside a handler the remaining time of the call being served:
  /// the smallest wins.
  public var timeout: Duration?
  /// Fields to send with the request.
  public var metadata: Metadata
  /// Whether to wait for a connection instead of failing with `UNAVAILABLE` while there is none; nil is what the
  /// channel's ``ServiceConfig`` says of the method, or else false.
  public var waitForReady: Bool?
  /// The largest request message to send, in bytes; nil is the channel's limit.
  public var requestBytesMaximum: Int?
  /// The largest response message to accept, in bytes; nil is the channel's limit.
  public var responseBytesMaximum: Int?
  /// How to pack the request messages; nil is the channel's ``ChannelConfiguration/compression``. Small messages go as
  /// they are, and so do all of them once the server has said that it does not take gzip.
  public var compression: Compression?
  /// Who is told what happens to the call, such as the metadata it is answered with.
  public var observers: [any CallObserver]

  /// Makes options; the defaults ask for nothing special.
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
