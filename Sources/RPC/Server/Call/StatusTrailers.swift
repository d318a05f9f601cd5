/// The fields that carry a call's status (grpc doc/PROTOCOL-HTTP2.md, "Trailers").
enum StatusTrailers {
  static let ok = StaticHeaders(StaticHeaders.Field("grpc-status", "0"))

  /// Clients commonly take no more than 8 KiB of trailers: a longer text is cut, larger details are reduced to the
  /// ErrorInfo.
  private static let messageBytesMaximum = 2048
  private static let detailsBytesMaximum = 4096

  /// Appends the status of a failed call with its metadata. A service's own error without an ErrorInfo gets one named
  /// after the code, so that every error has a reason to decide by. A RetryInfo also goes out as
  /// `grpc-retry-pushback-ms` (gRFC A6).
  static func add(_ error: RPCError, service: String, to block: inout HeaderBlock) {
    let code = error.code == .ok ? StatusCode.unknown : error.code
    block.add("grpc-status", "\(code.rawValue)")
    let message = cut(error.message)
    if !message.isEmpty { block.add("grpc-message", PercentEncoding.encode(message), neverIndexed: true) }
    var details = error.details
    let info = error.info ?? ErrorInfo(reason: code.description, domain: service)
    if error.info == nil { details.insert(.errorInfo(info), at: 0) }
    var status = StatusDetails(code: code, message: message, details: details).serialized
    if status.count > detailsBytesMaximum {
      status = StatusDetails(code: code, message: message, details: [.errorInfo(info)]).serialized
    }
    block.add("grpc-status-details-bin", Base64.encode(status), neverIndexed: true)
    for case .retryInfo(let retry) in error.details {
      let milliseconds = max(0, retry.retryDelay.nanosecondsClamped) / 1_000_000
      block.add("grpc-retry-pushback-ms", "\(milliseconds)")
    }
    if info.reason == RuntimeReason.unsupportedEncoding.rawValue { block.add(AcceptEncoding.field) }
    block.add(error.metadata)
  }

  private static func cut(_ message: String) -> String {
    guard message.utf8.count > messageBytesMaximum else { return message }
    var end = message.utf8.index(message.startIndex, offsetBy: messageBytesMaximum)
    while end.samePosition(in: message.unicodeScalars) == nil { end = message.utf8.index(before: end) }
    return String(message[..<end])
  }
}
