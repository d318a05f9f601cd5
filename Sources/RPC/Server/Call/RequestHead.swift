import Messages

/// Reads the header fields of a request one by one and derives a verdict (grpc doc/PROTOCOL-HTTP2.md,
/// "Request-Headers").
struct RequestHead {
  /// The result of the header fields.
  enum Verdict {
    /// A call.
    case call(Call)
    /// Not gRPC, answered with a plain HTTP status.
    case http(status: Int)
    /// gRPC, but refused.
    case refused(RPCError)
  }

  struct Call {
    /// The method, nil when the server does not have it.
    var method: RegisteredMethod?
    var contentType: ContentType
    /// The time-out in nanoseconds.
    var timeout: Int64?
    /// The compression of messages that are marked as compressed.
    var encoding: Compression
    /// Whether the client accepts gzip.
    var acceptsGzip: Bool
  }

  /// The two names of binary protocol buffers. The answer uses that of the request.
  enum ContentType: Sendable, Hashable { case grpc, grpcProto }

  private(set) var metadata = Metadata()
  /// The path as text, only when the server has no such method.
  private(set) var unknownPath: String?

  private var method: RegisteredMethod?
  private var isPost = false
  private var hasTrailers = false
  private var contentType: ContentType?
  private var timeout: Int64?
  private var encoding = Compression.identity
  private var acceptsGzip = false
  private var failure: RPCError?

  /// Adds one field. Copies the bytes that it stores.
  mutating func add(
    _ name: UnsafeRawBufferPointer,
    _ value: UnsafeRawBufferPointer,
    methods: MethodTable,
    userAgents: inout UserAgentCache
  ) {
    switch HeaderName(name) {
    case .path:
      method = methods.find(value)
      if method == nil { unknownPath = String(decoding: value.prefix(Self.unknownPathMaximum), as: UTF8.self) }
    case .method: isPost = value.equals("POST")
    case .te: hasTrailers = value.equals("trailers")
    case .contentType: contentType = Self.contentType(value)
    case .timeout:
      timeout = Timeout.decode(value)
      if timeout == nil { fail(RPCError(.internalError, .malformedTimeout, "grpc-timeout is malformed")) }
    case .encoding:
      if value.equals("gzip") { encoding = .gzip } else if !value.equals("identity") { fail(Self.unsupportedEncoding) }
    case .acceptEncoding: acceptsGzip = AcceptEncoding.namesGzip(value)
    case .userAgent where metadata.isEmpty: metadata = userAgents.metadata(value)
    // The handler may see how often a call was sent before (gRFC A6, "Exposed Retry Metadata").
    case .userAgent, .custom, .previousAttempts:
      if !metadata.addReceived(name: name, value: value) {
        fail(RPCError(.internalError, .malformedMetadata, "a binary metadata value is not base64"))
      }
    case .scheme, .authority, .status, .otherPseudo, .contentLength, .grpcStatus, .grpcMessage,
      .statusDetails, .retryPushback, .otherReserved:
      break
    }
  }

  /// Refuses a header list over the limit. Drops what was stored, and stores nothing more.
  mutating func refuseTooLarge(limit: Int) {
    metadata = Metadata()
    fail(
      RPCError(
        .resourceExhausted,
        .metadataTooLarge,
        "the header list is larger than the limit of \(limit) bytes",
        info: ["limit_bytes": "\(limit)"]
      )
    )
  }

  private mutating func fail(_ error: RPCError) {
    if failure == nil { failure = error }
  }

  /// The verdict on the request. Anything but a POST with a gRPC content type by a client that accepts trailers is not
  /// gRPC: 405 for another method, 415 otherwise.
  var verdict: Verdict {
    if let failure, failure.code == .resourceExhausted { return .refused(failure) }
    guard let contentType, hasTrailers || !isPost else { return .http(status: 415) }
    guard isPost else { return .http(status: 405) }
    if let failure { return .refused(failure) }
    return .call(
      Call(method: method, contentType: contentType, timeout: timeout, encoding: encoding, acceptsGzip: acceptsGzip)
    )
  }

  private static let unknownPathMaximum = 256

  private static let unsupportedEncoding = RPCError(
    .unimplemented,
    .unsupportedEncoding,
    "the message encoding is not supported; identity and gzip are"
  )

  private static func contentType(_ value: UnsafeRawBufferPointer) -> ContentType? {
    guard value.starts(with: "application/grpc") else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: value["application/grpc".utf8.count...])
    if rest.isEmpty || rest[0] == UInt8(ascii: ";") { return .grpc }
    if rest.equals("+proto") || rest.starts(with: "+proto;") { return .grpcProto }
    return nil
  }
}

/// The user agent of a connection's latest request. Clients send the same one with every call, and creating its text
/// each time would be most of the cost of a call's metadata.
struct UserAgentCache {
  private var value: [UInt8] = []
  private var metadata = Metadata()

  /// Returns metadata with the one field `user-agent`.
  mutating func metadata(_ value: UnsafeRawBufferPointer) -> Metadata {
    if !value.equals(self.value) {
      self.value = Array(value)
      metadata = ["user-agent": .string(String(decoding: value, as: UTF8.self))]
    }
    return metadata
  }
}
