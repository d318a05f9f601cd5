/// The fields that carry a call's status (grpc doc/PROTOCOL-HTTP2.md, "Trailers").
enum StatusTrailers {
  static let ok = StaticHeaders(StaticHeaders.Field("grpc-status", "0"))

  /// Clients commonly take no more than 8 KiB of trailers: a longer text is cut, larger details are reduced to the
  /// ErrorInfo.
  private static let messageBytesMaximum = 2048
  private static let detailsBytesMaximum = 4096
  /// For details that go out as given: nghttp2 sends no header block of more than 64 KiB.
  private static let exactDetailsBytesMaximum = 32 << 10

  /// Appends the status of a failed call with its metadata. A RetryInfo also goes out as `grpc-retry-pushback-ms`
  /// (gRFC A6).
  ///
  /// - Parameter addsErrorInfo: see ``ServerConfiguration/addsErrorInfo``.
  static func add(_ error: RPCError, service: String, addsErrorInfo: Bool, to block: inout HeaderBlock) {
    let code = error.code == .ok ? StatusCode.unknown : error.code
    block.add("grpc-status", "\(code.rawValue)")
    let message = cut(error.message)
    if !message.isEmpty { block.add("grpc-message", PercentEncoding.encode(message), neverIndexed: true) }
    let status =
      addsErrorInfo
      ? explainedStatus(error, code: code, message: message, service: service)
      : exactStatus(error, code: code, message: message)
    if let status { block.add("grpc-status-details-bin", Base64.encode(status), neverIndexed: true) }
    for case .retryInfo(let retry) in error.details {
      let milliseconds = max(0, retry.retryDelay.nanosecondsClamped) / 1_000_000
      block.add("grpc-retry-pushback-ms", "\(milliseconds)")
    }
    if error.info?.reason == RuntimeReason.unsupportedEncoding.rawValue { block.add(AcceptEncoding.field) }
    block.add(error.metadata)
  }

  /// A service's own error without an ErrorInfo gets one named after the code, so that every error has a reason to
  /// decide by.
  private static func explainedStatus(_ error: RPCError, code: StatusCode, message: String, service: String) -> [UInt8]?
  {
    var details = error.details
    let info = error.info ?? ErrorInfo(reason: code.description, domain: service)
    if error.info == nil { details.insert(.errorInfo(info), at: 0) }
    let status = StatusDetails(code: code, message: message, details: details).serialized
    if status.count <= detailsBytesMaximum { return status }
    return StatusDetails(code: code, message: message, details: [.errorInfo(info)]).serialized
  }

  /// The details that the handler gave; nil when there are none, or more than can be sent.
  private static func exactStatus(_ error: RPCError, code: StatusCode, message: String) -> [UInt8]? {
    if error.details.isEmpty || error.info?.domain == RuntimeReason.domain { return nil }
    let status = StatusDetails(code: code, message: message, details: error.details).serialized
    return status.count <= exactDetailsBytesMaximum ? status : nil
  }

  private static func cut(_ message: String) -> String {
    guard message.utf8.count > messageBytesMaximum else { return message }
    var end = message.utf8.index(message.startIndex, offsetBy: messageBytesMaximum)
    while end.samePosition(in: message.unicodeScalars) == nil { end = message.utf8.index(before: end) }
    return String(message[..<end])
  }
}
