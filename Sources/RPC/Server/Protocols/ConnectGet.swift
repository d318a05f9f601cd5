import Basics

/// A Connect unary call whose request is in the query of a GET (connectrpc.com/docs/protocol, "Unary-Get-Request").
/// Caches between may keep the answer, so only methods without side effects are called so.
struct ConnectGet {
  let verdict: RequestHead.Verdict

  /// Reads the query. Nil when the method may not be called so, or the query is not of Connect.
  init?(_ method: RegisteredMethod, _ web: WebFields?) {
    guard method.method.descriptor.hasNoSideEffects, method.method.descriptor.kind == .unary else { return nil }
    guard let web, let query = web.query.map({ Query($0) }) else { return nil }
    guard let encoding = query["encoding"], let codec = Self.codec(encoding) else { return nil }
    let format = CallFormat(framing: .connectUnary, codec: codec)
    func refused(_ text: String) -> RequestHead.Verdict {
      .refused(RPCError(.invalidArgument, .protocolViolation, text), format)
    }
    if let failure = web.failure {
      verdict = .refused(failure, format)
    } else if let version = query["connect"], !version.elementsEqual("v1".utf8) {
      verdict = refused("the query parameter connect must be v1")
    } else if let text = query["message"] {
      guard let message = query["base64"]?.elementsEqual("1".utf8) == true ? Base64.decode(text) : text else {
        verdict = refused("the query parameter message is not base64")
        return
      }
      guard let compression = query["compression"].map({ $0.withUnsafeBytes { MessageEncoding($0) } }) ?? .identity,
        let encoding = compression.compression
      else {
        verdict = .refused(MessageEncoding.unsupported, format)
        return
      }
      verdict = .call(
        RequestHead.Call(
          method: method,
          format: format,
          timeout: web.timeout,
          encoding: encoding,
          acceptsGzip: web.acceptsGzip,
          message: message
        )
      )
    } else {
      verdict = refused("the query parameter message is missing")
    }
  }

  private static func codec(_ name: [UInt8]) -> MessageCodec? {
    if name.elementsEqual("json".utf8) { return .json }
    return name.elementsEqual("proto".utf8) ? .protobuf : nil
  }
}

/// The parameters of a URL's query. Of several with one name the first counts.
struct Query: Sendable {
  private var values: [String: [UInt8]] = [:]

  /// Reads `name=value` pairs with `&` between them, percent-encoded, `+` for a blank.
  init(_ bytes: [UInt8]) {
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      let name = String(decoding: Self.decoded(pair[..<equals]), as: UTF8.self)
      if values[name] == nil { values[name] = Self.decoded(pair[equals...].dropFirst()) }
    }
  }

  subscript(name: String) -> [UInt8]? { values[name] }

  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, let high = Hex.value(of: rest[rest.startIndex]),
        let low = Hex.value(of: rest[rest.startIndex + 1])
      {
        output.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else {
        output.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return output
  }
}
