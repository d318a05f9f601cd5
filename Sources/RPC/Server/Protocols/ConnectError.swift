import Basics
import Messages

/// An error as Connect sends it: an HTTP status and a JSON object (connectrpc.com/docs/protocol, "Error Codes" and "Error
/// Details").
struct ConnectError {
  let httpStatus: Int
  let json: [UInt8]
  /// When to try again, in whole seconds (RFC 9110 section 10.2.3).
  let retryAfterSeconds: Int64?

  /// - Parameter stream: The call. It decides whether an error without a reason gets one.
  init(_ error: RPCError, _ stream: ServerStream) {
    let code = error.code == .ok ? StatusCode.unknown : error.code
    let status = StatusTrailers(
      service: stream.callContext?.method.service ?? "",
      addsErrorInfo: stream.connection.core.addsErrorInfo,
      bytesMaximum: stream.connection.core.statusBytesMaximum
    ).bounded(error, code: code)
    httpStatus = stream.callContext != nil && stream.method == nil ? 404 : Self.httpStatus(code)
    retryAfterSeconds = Self.retryAfterSeconds(error)
    json = Self.json(code, status)
  }

  private static func retryAfterSeconds(_ error: RPCError) -> Int64? {
    for case .retryInfo(let retry) in error.details {
      return max(1, (max(0, retry.retryDelay.wholeNanoseconds) + 999_999_999) / 1_000_000_000)
    }
    return nil
  }

  private static func json(_ code: StatusCode, _ status: StatusDetails) -> [UInt8] {
    var json = Array("{\"code\":".utf8)
    json.append(quoted: name(code).utf8)
    if !status.message.isEmpty {
      json += Array(",\"message\":".utf8)
      json.append(quoted: status.message.utf8)
    }
    if !status.details.isEmpty {
      json += Array(",\"details\":[".utf8)
      for (index, detail) in status.details.enumerated() {
        if index > 0 { json.append(UInt8(ascii: ",")) }
        json += Self.json(detail)
      }
      json.append(UInt8(ascii: "]"))
    }
    json.append(UInt8(ascii: "}"))
    return json
  }

  private static func json(_ detail: ErrorDetail) -> [UInt8] {
    var json = Array("{\"type\":".utf8)
    json.append(quoted: (detail.typeURL.split(separator: "/").last ?? "").utf8)
    json += Array(",\"value\":".utf8)
    json.append(quoted: Base64.encode(detail.serialized, isPadded: false))
    if let debug = detail.debugJSON { json += Array(",\"debug\":".utf8) + debug }
    json.append(UInt8(ascii: "}"))
    return json
  }

  /// Writes metadata as an object of lists. Nil when there is none.
  static func json(of metadata: Metadata) -> [UInt8]? {
    var names: [String] = []
    var values: [String: [[UInt8]]] = [:]
    for field in metadata where field.isSendable {
      if values[field.key] == nil { names.append(field.key) }
      switch field.value {
      case .string(let text): values[field.key, default: []].append(Array(text.utf8))
      case .binary(let bytes): values[field.key, default: []].append(BinaryMetadata.encode(bytes))
      }
    }
    guard !names.isEmpty else { return nil }
    var json = Array("{".utf8)
    for (index, name) in names.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      json.append(quoted: name.utf8)
      json += Array(":[".utf8)
      for (position, value) in (values[name] ?? []).enumerated() {
        if position > 0 { json.append(UInt8(ascii: ",")) }
        json.append(quoted: value)
      }
      json.append(UInt8(ascii: "]"))
    }
    json.append(UInt8(ascii: "}"))
    return json
  }

  static func name(_ code: StatusCode) -> String {
    code == .cancelled ? "canceled" : code.description.lowercased()
  }

  static func httpStatus(_ code: StatusCode) -> Int {
    switch code {
    case .cancelled: 499
    case .invalidArgument, .failedPrecondition, .outOfRange: 400
    case .deadlineExceeded: 504
    case .notFound: 404
    case .alreadyExists, .aborted: 409
    case .permissionDenied: 403
    case .unauthenticated: 401
    case .resourceExhausted: 429
    case .unimplemented: 501
    case .unavailable: 503
    // UNKNOWN, INTERNAL, DATA_LOSS, and codes that nobody has defined.
    default: 500
    }
  }
}

extension ErrorDetail {
  /// The detail in JSON, for clients without protocol buffers. Nil for other messages than the standard ones.
  fileprivate var debugJSON: [UInt8]? {
    switch self {
    case .errorInfo(let info):
      var metadata = Array("{".utf8)
      for (index, entry) in info.metadata.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { metadata.append(UInt8(ascii: ",")) }
        metadata.append(quoted: entry.key.utf8)
        metadata.append(UInt8(ascii: ":"))
        metadata.append(quoted: entry.value.utf8)
      }
      metadata.append(UInt8(ascii: "}"))
      return Self.object([("reason", info.reason), ("domain", info.domain)], info.metadata.isEmpty ? nil : metadata)
    case .badRequest(let request):
      var json = Array("{\"fieldViolations\":[".utf8)
      for (index, violation) in request.fieldViolations.enumerated() {
        if index > 0 { json.append(UInt8(ascii: ",")) }
        json += Self.object([
          ("field", violation.field), ("description", violation.description), ("reason", violation.reason),
        ])
      }
      return json + Array("]}".utf8)
    case .retryInfo(let info):
      let milliseconds = max(0, info.retryDelay.wholeNanoseconds) / 1_000_000
      let thousandths = String(1000 + milliseconds % 1000).dropFirst()
      return Self.object([("retryDelay", "\(milliseconds / 1000).\(thousandths)s")])
    case .quotaFailure, .preconditionFailure, .other: return nil
    }
  }

  private static func object(_ fields: [(name: String, value: String)], _ metadata: [UInt8]? = nil) -> [UInt8] {
    var json = Array("{".utf8)
    for (index, field) in fields.filter({ !$0.value.isEmpty }).enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      json.append(quoted: field.name.utf8)
      json.append(UInt8(ascii: ":"))
      json.append(quoted: field.value.utf8)
    }
    if let metadata { json += Array(",\"metadata\":".utf8) + metadata }
    json.append(UInt8(ascii: "}"))
    return json
  }
}
