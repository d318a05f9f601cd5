import Basics

/// The fields that carry a call's status (grpc doc/PROTOCOL-HTTP2.md, "Trailers").
struct StatusTrailers {
  static let ok = StaticHeaders(StaticHeaders.Field("grpc-status", "0"))

  /// The full name of the called service, the domain of errors without one.
  let service: String
  /// See ``ServerConfiguration/addsErrorInfo``.
  let addsErrorInfo: Bool
  /// See ``ServerLimits/statusBytesMaximum``.
  let bytesMaximum: Int

  /// The message gets at most this fraction of the bytes. The rest is for the details.
  private static let messageShare = 4
  private static let messageName: StaticString = "grpc-message"
  private static let detailsName: StaticString = "grpc-status-details-bin"

  /// Appends the status of a failed call. A RetryInfo is also sent as `grpc-retry-pushback-ms` (gRFC A6).
  func add(_ error: RPCError, to block: inout HeaderBlock) {
    let code = error.code == .ok ? StatusCode.unknown : error.code
    block.add("grpc-status", "\(code.rawValue)")
    for case .retryInfo(let retry) in error.details {
      let milliseconds = max(0, retry.retryDelay.wholeNanoseconds) / 1_000_000
      // Clients read 32 bits.
      block.add("grpc-retry-pushback-ms", "\(min(milliseconds, Int64(Int32.max)))")
    }
    if error.info?.reason == RuntimeReason.unsupportedEncoding.rawValue { block.add(AcceptEncoding.field) }
    let message = cut(error.message, room(for: Self.messageName, in: block))
    if !message.isEmpty { block.add(Self.messageName, PercentEncoding.encode(message), neverIndexed: true) }
    if let details = details(of: error, code: code, message: message) {
      // Base64 encodes three bytes as four characters.
      let bytesMaximum = room(for: Self.detailsName, in: block) / 4 * 3
      let status = details.bounded(to: bytesMaximum).serialized
      if status.count <= bytesMaximum { block.add(Self.detailsName, BinaryMetadata.encode(status), neverIndexed: true) }
    }
  }

  /// Returns the status as it can be sent in a body: with a reason, message and details within the limit.
  func bounded(_ error: RPCError, code: StatusCode) -> StatusDetails {
    let message = error.message.cut(to: bytesMaximum / Self.messageShare) { Unicode.UTF8.width($0) }
    return details(of: error, code: code, message: message)?.bounded(to: bytesMaximum)
      ?? StatusDetails(code: code, message: message, details: [])
  }

  private func room(for name: StaticString, in block: HeaderBlock) -> Int {
    max(0, bytesMaximum - block.listBytes - name.utf8CodeUnitCount - HeaderBlock.fieldOverhead)
  }

  /// Returns the details of an error. A service's own error without ErrorInfo gets one named after the code, so that
  /// every error has a reason to decide by. Nil when there are no details.
  private func details(of error: RPCError, code: StatusCode, message: String) -> StatusDetails? {
    var details = error.details
    if addsErrorInfo {
      if error.info == nil {
        details.insert(.errorInfo(ErrorInfo(reason: code.description, domain: service)), at: 0)
      }
    } else if details.isEmpty || error.info?.domain == RuntimeReason.domain {
      return nil
    }
    return StatusDetails(code: code, message: message, details: details)
  }

  /// Truncates a message to the available bytes after percent-encoding.
  private func cut(_ message: String, _ room: Int) -> String {
    message.cut(to: min(room, bytesMaximum / Self.messageShare), PercentEncoding.encodedBytes(of:))
  }
}
