/// The header names that the runtime itself reads. All others are the application's metadata.
enum HeaderName: Sendable, Hashable {
  case method, scheme, path, authority, status
  case te, contentType, contentLength, userAgent
  case timeout, encoding, acceptEncoding, grpcStatus, grpcMessage, statusDetails, retryPushback, previousAttempts
  /// HTTP's own compression of a whole body, which a Connect unary call uses.
  case contentEncoding, acceptContentEncoding
  case connectProtocolVersion, connectTimeout, connectEncoding, connectAcceptEncoding
  case origin, corsMethod, corsHeaders, ifNoneMatch
  /// What proxies report of the client.
  case forwarded, forwardedFor
  /// Fields of one HTTP/1.1 connection (RFC 9110 section 7.6.1), and others that say nothing to a call.
  case connection
  /// Another name starting with `:`.
  case otherPseudo
  /// Another name starting with `grpc-`.
  case otherReserved
  case custom

  init(_ name: UnsafeRawBufferPointer) {
    guard let first = name.first else {
      self = .custom
      return
    }
    self =
      switch first {
      case UInt8(ascii: ":"): Self.pseudo(name)
      case UInt8(ascii: "g"): Self.reserved(name)
      case UInt8(ascii: "t"): name.equals("te") ? .te : Self.isConnection(name) ? .connection : .custom
      case UInt8(ascii: "c"): Self.content(name)
      case UInt8(ascii: "a"): Self.accept(name)
      case UInt8(ascii: "o"): name.equals("origin") ? .origin : .custom
      case UInt8(ascii: "f"): name.equals("forwarded") ? .forwarded : .custom
      case UInt8(ascii: "x"): name.equals("x-forwarded-for") ? .forwardedFor : .custom
      case UInt8(ascii: "i"): name.equals("if-none-match") ? .ifNoneMatch : .custom
      case UInt8(ascii: "u"):
        name.equals("user-agent") ? .userAgent : name.equals("upgrade") ? .connection : .custom
      case UInt8(ascii: "h"), UInt8(ascii: "k"), UInt8(ascii: "p"), UInt8(ascii: "e"):
        Self.isConnection(name) ? .connection : .custom
      default: .custom
      }
  }

  private static func pseudo(_ name: UnsafeRawBufferPointer) -> HeaderName {
    if name.equals(":path") { return .path }
    if name.equals(":method") { return .method }
    if name.equals(":scheme") { return .scheme }
    if name.equals(":authority") { return .authority }
    if name.equals(":status") { return .status }
    return .otherPseudo
  }

  private static func reserved(_ name: UnsafeRawBufferPointer) -> HeaderName {
    guard name.starts(with: "grpc-") else { return .custom }
    if name.equals("grpc-timeout") { return .timeout }
    if name.equals("grpc-status") { return .grpcStatus }
    if name.equals("grpc-message") { return .grpcMessage }
    if name.equals("grpc-encoding") { return .encoding }
    if name.equals("grpc-accept-encoding") { return .acceptEncoding }
    if name.equals("grpc-status-details-bin") { return .statusDetails }
    if name.equals("grpc-retry-pushback-ms") { return .retryPushback }
    if name.equals("grpc-previous-rpc-attempts") { return .previousAttempts }
    return .otherReserved
  }

  private static func content(_ name: UnsafeRawBufferPointer) -> HeaderName {
    if name.equals("content-type") { return .contentType }
    if name.equals("content-length") { return .contentLength }
    if name.equals("content-encoding") { return .contentEncoding }
    if name.equals("connection") { return .connection }
    guard name.starts(with: "connect-") else { return .custom }
    if name.equals("connect-protocol-version") { return .connectProtocolVersion }
    if name.equals("connect-timeout-ms") { return .connectTimeout }
    if name.equals("connect-content-encoding") { return .connectEncoding }
    if name.equals("connect-accept-encoding") { return .connectAcceptEncoding }
    return .custom
  }

  private static func accept(_ name: UnsafeRawBufferPointer) -> HeaderName {
    if name.equals("accept-encoding") { return .acceptContentEncoding }
    if name.equals("access-control-request-method") { return .corsMethod }
    if name.equals("access-control-request-headers") { return .corsHeaders }
    return .custom
  }

  private static func isConnection(_ name: UnsafeRawBufferPointer) -> Bool {
    name.equals("host") || name.equals("keep-alive") || name.equals("proxy-connection") || name.equals("expect")
      || name.equals("transfer-encoding") || name.equals("trailer")
  }
}
