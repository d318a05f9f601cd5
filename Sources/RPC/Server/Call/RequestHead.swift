import Messages

/// Reads the header fields of a request one by one and derives a verdict (grpc doc/PROTOCOL-HTTP2.md,
/// "Request-Headers"; connectrpc.com/docs/protocol).
struct RequestHead {
  /// The result of the header fields.
  enum Verdict {
    /// A call.
    case call(Call)
    /// A call, but refused.
    case refused(RPCError, CallFormat)
    /// Not a call.
    case plain(PlainRequest)
  }

  struct Call {
    /// The method, nil when the server does not have it.
    var method: RegisteredMethod?
    var format: CallFormat
    /// The time-out in nanoseconds.
    var timeout: Int64?
    /// The compression of messages that are marked as compressed.
    var encoding: Compression
    /// Whether the client accepts gzip.
    var acceptsGzip: Bool
    /// The request message of a GET, compressed with `encoding`.
    var message: [UInt8]?
  }

  private(set) var metadata = Metadata()
  /// The path as text, only when the server has no such method.
  private(set) var unknownPath: String?

  private var method: RegisteredMethod?
  private var verb = HTTPVerb.other
  private var hasTrailers = false
  private var contentType: CallFormat?
  private var timeout: Int64?
  private var encoding = MessageEncoding.identity
  private var acceptsGzip = false
  /// Why the call is refused, and why if it is one of gRPC or gRPC-Web.
  private var failure: RPCError?
  private var grpcFailure: RPCError?
  /// What only calls other than gRPC have.
  private var web: WebFields?

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
      if method == nil { addUnknownPath(value, methods) }
    case .method: verb = HTTPVerb(value)
    case .te: hasTrailers = value.equals("trailers")
    case .contentType: contentType = CallFormat(contentType: value)
    case .timeout:
      timeout = Timeout.decode(value)
      if timeout == nil {
        grpcFailure = grpcFailure ?? RPCError(.internalError, .malformedTimeout, "grpc-timeout is malformed")
      }
    case .encoding: encoding = MessageEncoding(value)
    case .acceptEncoding: acceptsGzip = AcceptEncoding.namesGzip(value)
    case .userAgent where metadata.isEmpty: metadata = userAgents.metadata(value)
    // The handler may see how often a call was sent before (gRFC A6, "Exposed Retry Metadata").
    case .userAgent, .custom, .previousAttempts:
      if !metadata.addReceived(name: name, value: value) {
        fail(RPCError(.internalError, .malformedMetadata, "a binary metadata value is not base64"))
      }
    case .contentEncoding, .acceptContentEncoding, .connectProtocolVersion, .connectTimeout, .connectEncoding,
      .connectAcceptEncoding, .origin, .corsMethod, .corsHeaders, .ifNoneMatch, .forwarded, .forwardedFor:
      addToWeb(HeaderName(name), value)
    case .scheme, .authority, .status, .otherPseudo, .contentLength, .grpcStatus, .grpcMessage,
      .statusDetails, .retryPushback, .connection, .otherReserved:
      break
    }
  }

  private mutating func addToWeb(_ name: HeaderName, _ value: UnsafeRawBufferPointer) {
    var web = self.web ?? WebFields()
    web.add(name, value)
    self.web = web
  }

  /// Stores a path that is no method's as it stands. It may have a query.
  private mutating func addUnknownPath(_ value: UnsafeRawBufferPointer, _ methods: MethodTable) {
    var path = value
    if let mark = value.firstIndex(of: UInt8(ascii: "?")) {
      path = UnsafeRawBufferPointer(rebasing: value[..<mark])
      var web = self.web ?? WebFields()
      web.query = Array(value[(mark + 1)...])
      self.web = web
      method = methods.find(path)
    }
    if method == nil { unknownPath = String(decoding: path.prefix(Self.unknownPathMaximum), as: UTF8.self) }
  }

  /// Refuses a header list over the limit. Drops what was stored, and stores nothing more.
  mutating func refuseTooLarge(limit: Int) {
    metadata = Metadata()
    web?.query = nil
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

  /// Returns the verdict on the request.
  ///
  /// - Parameters:
  ///   - isForWeb: Whether the server takes calls other than gRPC, and plain requests. Otherwise anything but a POST
  ///     with a gRPC content type by a client that accepts trailers is 405 for another verb, 415 else.
  ///   - hasTrailers: Whether the connection can carry trailers, which HTTP/1.1's cannot.
  func verdict(isForWeb: Bool, canSendTrailers: Bool = true) -> Verdict {
    guard let format = contentType, verb == .post, isForWeb || format.isPlainGRPC else {
      if let failure, failure.code == .resourceExhausted, !isForWeb { return .refused(failure, .grpc) }
      return notPosted(isForWeb: isForWeb)
    }
    if let failure, failure.code == .resourceExhausted { return .refused(failure, format) }
    if format.framing == .grpc {
      guard canSendTrailers else { return .plain(PlainRequest(status: 505)) }
      guard hasTrailers else { return .plain(PlainRequest(status: 415)) }
    }
    if let failure { return .refused(failure, format) }
    return format.isConnect ? connect(format) : grpc(format)
  }

  private func grpc(_ format: CallFormat) -> Verdict {
    if let grpcFailure { return .refused(grpcFailure, format) }
    guard let encoding = encoding.compression else { return .refused(MessageEncoding.unsupported, format) }
    return .call(
      Call(method: method, format: format, timeout: timeout, encoding: encoding, acceptsGzip: acceptsGzip)
    )
  }

  private func connect(_ format: CallFormat) -> Verdict {
    let web = web ?? WebFields()
    if let failure = web.failure { return .refused(failure, format) }
    let encoding = format.isUnframed ? web.contentEncoding : web.connectEncoding
    guard let encoding = encoding.compression else { return .refused(MessageEncoding.unsupported, format) }
    return .call(
      Call(
        method: method,
        format: format,
        timeout: web.timeout,
        encoding: encoding,
        acceptsGzip: format.isUnframed ? web.acceptsGzip : web.acceptsConnectGzip
      )
    )
  }

  /// The verdict on anything but a POST with a content type of ours.
  private func notPosted(isForWeb: Bool) -> Verdict {
    guard isForWeb else {
      return .plain(PlainRequest(status: contentType?.isPlainGRPC != true || !hasTrailers && verb == .post ? 415 : 405))
    }
    if failure?.code == .resourceExhausted { return .plain(PlainRequest(status: 431)) }
    if let method, verb == .get, let get = ConnectGet(method, web) { return get.verdict }
    return .plain(
      PlainRequest(
        verb: verb,
        path: unknownPath ?? method?.method.descriptor.path ?? "",
        isMethod: method != nil,
        mayGet: method?.method.descriptor.hasNoSideEffects ?? false,
        web: web ?? WebFields()
      )
    )
  }

  /// The origin of the page that sent the request.
  var origin: String? { web?.origin }

  /// The client that proxies report, if they do.
  func client(_ proxies: ForwardedAddress) -> IPAddress? {
    web.flatMap { proxies.client(forwarded: $0.forwarded, forwardedFor: $0.forwardedFor) }
  }

  private static let unknownPathMaximum = 256
}

extension CallFormat {
  /// Whether the format is gRPC with protocol buffers, which every server takes.
  fileprivate var isPlainGRPC: Bool { framing == .grpc && codec == .protobuf }
}

/// The verb of a request.
enum HTTPVerb: Sendable, Hashable {
  case get, head, post, options, other

  init(_ value: UnsafeRawBufferPointer) {
    if value.equals("POST") {
      self = .post
    } else if value.equals("GET") {
      self = .get
    } else if value.equals("HEAD") {
      self = .head
    } else {
      self = value.equals("OPTIONS") ? .options : .other
    }
  }
}

/// The compression that a request names for its messages.
enum MessageEncoding: Sendable, Hashable {
  case identity, gzip, unknown

  init(_ value: UnsafeRawBufferPointer) {
    self = value.equals("gzip") ? .gzip : value.equals("identity") || value.isEmpty ? .identity : .unknown
  }

  /// Nil when it is not supported.
  var compression: Compression? {
    switch self {
    case .identity: .identity
    case .gzip: .gzip
    case .unknown: nil
    }
  }

  static let unsupported = RPCError(
    .unimplemented,
    .unsupportedEncoding,
    "the message encoding is not supported; identity and gzip are"
  )
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
