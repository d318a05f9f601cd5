/// The header fields that only Connect calls and plain requests have.
struct WebFields: Sendable {
  var query: [UInt8]?
  /// The compression of a whole body, and whether the answer's may be gzip (RFC 9110 section 8.4).
  private(set) var contentEncoding = MessageEncoding.identity
  private(set) var acceptsGzip = false
  /// The same of the messages of a Connect stream.
  private(set) var connectEncoding = MessageEncoding.identity
  private(set) var acceptsConnectGzip = false
  /// Connect's time-out in nanoseconds.
  private(set) var timeout: Int64?
  /// Why a Connect call is refused.
  private(set) var failure: RPCError?
  private(set) var origin: String?
  /// What a browser asks before a request of a page (Fetch, "CORS-preflight request").
  private(set) var corsMethod: String?
  private(set) var corsHeaders: String?
  private(set) var ifNoneMatch: String?
  private(set) var forwarded: [String] = []
  private(set) var forwardedFor: [String] = []

  mutating func add(_ name: HeaderName, _ value: UnsafeRawBufferPointer) {
    switch name {
    case .contentEncoding: contentEncoding = MessageEncoding(value)
    case .acceptContentEncoding: acceptsGzip = AcceptEncoding.namesGzip(value)
    case .connectEncoding: connectEncoding = MessageEncoding(value)
    case .connectAcceptEncoding: acceptsConnectGzip = AcceptEncoding.namesGzip(value)
    case .connectTimeout: addTimeout(value)
    case .connectProtocolVersion:
      if !value.equals("1") {
        fail(RPCError(.invalidArgument, .protocolViolation, "connect-protocol-version must be 1"))
      }
    case .origin: origin = String(decoding: value, as: UTF8.self)
    case .corsMethod: corsMethod = String(decoding: value, as: UTF8.self)
    case .corsHeaders: corsHeaders = String(decoding: value, as: UTF8.self)
    case .ifNoneMatch: ifNoneMatch = String(decoding: value, as: UTF8.self)
    case .forwarded: forwarded.append(String(decoding: value, as: UTF8.self))
    case .forwardedFor: forwardedFor.append(String(decoding: value, as: UTF8.self))
    default: break
    }
  }

  private static let timeoutDigitsMaximum = 10

  /// Reads milliseconds in at most ten digits.
  private mutating func addTimeout(_ value: UnsafeRawBufferPointer) {
    guard !value.isEmpty, value.count <= Self.timeoutDigitsMaximum,
      let milliseconds = Int64(String(decoding: value, as: UTF8.self)), milliseconds >= 0,
      value.first.map({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) == true
    else {
      return fail(
        RPCError(.invalidArgument, .malformedTimeout, "connect-timeout-ms must be at most ten digits of milliseconds")
      )
    }
    timeout = milliseconds * 1_000_000
  }

  private mutating func fail(_ error: RPCError) {
    if failure == nil { failure = error }
  }
}
