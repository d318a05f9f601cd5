/// The header names of gRPC itself. All others are the application's metadata.
enum HeaderName: Sendable, Hashable {
  case method, scheme, path, authority, status
  case te, contentType, contentLength, userAgent
  case timeout, encoding, acceptEncoding, grpcStatus, grpcMessage, statusDetails, retryPushback, previousAttempts
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
      case UInt8(ascii: "t"): name.equals("te") ? .te : .custom
      case UInt8(ascii: "c"):
        name.equals("content-type") ? .contentType : name.equals("content-length") ? .contentLength : .custom
      case UInt8(ascii: "u"): name.equals("user-agent") ? .userAgent : .custom
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
}
