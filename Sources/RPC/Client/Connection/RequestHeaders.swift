import CNGHTTP2
import NIOCore

/// Makes the header block of each request of a lane
/// (grpc/grpc doc/PROTOCOL-HTTP2.md, "Requests": reserved fields first, custom metadata last).
///
/// The fields that are the same for all calls of a method are built once, stored (methods are few) and never copied.
/// Confined to the lane's event loop. A connection must retain it as long as its session lives.
final class RequestHeaders: @unchecked Sendable {
  private let scheme: StaticHeaders.Field
  private let authority: StableText
  private let userAgent: StableText
  private var methods: [String: MethodHeaders] = [:]

  private static let library = "grpc-swift-patron/0.1"

  init(target: ChannelTarget, configuration: ChannelConfiguration) {
    authority = StableText(configuration.authority ?? target.authority)
    scheme = StaticHeaders.Field(":scheme", configuration.tls == nil ? "http" : "https")
    userAgent = StableText(configuration.userAgent.map { "\($0) \(Self.library)" } ?? Self.library)
  }

  func make(for call: OutgoingCall, encoding: Compression, previousAttempts: Int = 0) -> HeaderBlock {
    var block = HeaderBlock(headers(of: call.method.path).fields)
    if encoding == .gzip { block.add(Compression.gzipField) }
    if call.deadline != .distantFuture {
      let left = call.deadline - .now()
      block.add("grpc-timeout", Timeout.encode(nanoseconds: left.nanoseconds), neverIndexed: true)
    }
    if previousAttempts > 0 { block.add("grpc-previous-rpc-attempts", "\(previousAttempts)") }
    if let trace = call.trace {
      block.add("traceparent", trace.traceparent, neverIndexed: true)
      if !trace.state.isEmpty { block.add("tracestate", trace.state, neverIndexed: true) }
    }
    if !call.metadata.isEmpty { block.add(call.metadata) }
    return block
  }

  private func headers(of path: String) -> MethodHeaders {
    if let headers = methods[path] { return headers }
    let headers = MethodHeaders(path: path, scheme: scheme, authority: authority, userAgent: userAgent)
    methods[path] = headers
    return headers
  }
}

/// The fields shared by all calls of one method, at a stable address.
private final class MethodHeaders {
  let fields: StaticHeaders
  private let path: StableText
  private let pairs: UnsafeMutableBufferPointer<nghttp2_nv>

  init(path: String, scheme: StaticHeaders.Field, authority: StableText, userAgent: StableText) {
    self.path = StableText(path)
    let list = [
      StaticHeaders.Field(":method", "POST").pair,
      scheme.pair,
      self.path.pair(":path"),
      authority.pair(":authority"),
      StaticHeaders.Field("te", "trailers").pair,
      StaticHeaders.Field("content-type", "application/grpc").pair,
      userAgent.pair("user-agent"),
      AcceptEncoding.field.pair,
    ]
    pairs = .allocate(capacity: list.count)
    _ = pairs.initialize(fromContentsOf: list)
    fields = StaticHeaders(pairs: UnsafeBufferPointer(pairs))
  }

  deinit { pairs.deallocate() }
}

/// A text at a stable address.
private final class StableText {
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  init(_ text: String) {
    let utf8 = Array(text.utf8)
    bytes = .allocate(capacity: utf8.count)
    _ = bytes.initialize(fromContentsOf: utf8)
  }

  deinit { bytes.deallocate() }

  func pair(_ name: StaticString) -> nghttp2_nv {
    nghttp2_nv(
      name: UnsafeMutablePointer(mutating: name.utf8Start),
      value: bytes.baseAddress,
      namelen: name.utf8CodeUnitCount,
      valuelen: bytes.count,
      flags: UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
    )
  }
}

extension StaticHeaders {
  /// Makes a block of fields in memory that the caller retains until the frame was sent.
  fileprivate init(pairs: UnsafeBufferPointer<nghttp2_nv>) {
    self.pairs = pairs
  }
}
