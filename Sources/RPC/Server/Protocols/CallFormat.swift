/// How a call travels: the protocol around its messages, and their encoding. The request's content type names both.
struct CallFormat: Sendable, Hashable {
  /// The protocol around the messages.
  enum Framing: Sendable, Hashable {
    /// gRPC (grpc/grpc doc/PROTOCOL-HTTP2.md).
    case grpc
    /// gRPC-Web: as gRPC, with the trailers as a last frame of the body (grpc/grpc doc/PROTOCOL-WEB.md).
    case grpcWeb
    /// gRPC-Web in base64.
    case grpcWebText
    /// Connect with one message each way, without frames (connectrpc.com/docs/protocol, "Unary").
    case connectUnary
    /// Connect with a stream in either direction, in frames of which the last is the end (the same, "Streaming").
    case connectStream
  }

  var framing: Framing
  var codec: MessageCodec
  /// Whether the content type of gRPC or gRPC-Web names the codec, as in `application/grpc+proto`.
  var isNamed = false

  static let grpc = CallFormat(framing: .grpc, codec: .protobuf)

  /// Whether a message is the whole body.
  var isUnframed: Bool { framing == .connectUnary }

  /// Whether the protocol is one of Connect's.
  var isConnect: Bool { framing == .connectUnary || framing == .connectStream }

  /// Whether the call may come over HTTP/1.1, and from a page.
  var isForWeb: Bool { framing != .grpc }
}

extension CallFormat {
  /// Reads a content type. Parameters after a semicolon are ignored, except a `charset` of JSON other than UTF-8.
  ///
  /// - Returns: Nil for any other content type.
  init?(contentType: UnsafeRawBufferPointer) {
    let type = Self.withoutParameters(contentType)
    guard type.starts(with: "application/") else { return nil }
    let name = UnsafeRawBufferPointer(rebasing: type[12...])
    if name.starts(with: "grpc") {
      self.init(grpc: UnsafeRawBufferPointer(rebasing: name[4...]))
    } else if name.equals("json") {
      guard Self.isUTF8(contentType) else { return nil }
      self.init(framing: .connectUnary, codec: .json)
    } else if name.equals("proto") {
      self.init(framing: .connectUnary, codec: .protobuf)
    } else if name.equals("connect+proto") {
      self.init(framing: .connectStream, codec: .protobuf)
    } else if name.equals("connect+json") {
      self.init(framing: .connectStream, codec: .json)
    } else {
      return nil
    }
  }

  /// Reads what follows `application/grpc`.
  private init?(grpc rest: UnsafeRawBufferPointer) {
    var rest = rest
    var framing = Framing.grpc
    if rest.starts(with: "-web-text") {
      framing = .grpcWebText
      rest = UnsafeRawBufferPointer(rebasing: rest[9...])
    } else if rest.starts(with: "-web") {
      framing = .grpcWeb
      rest = UnsafeRawBufferPointer(rebasing: rest[4...])
    }
    if rest.isEmpty {
      self.init(framing: framing, codec: .protobuf)
    } else if rest.equals("+proto") {
      self.init(framing: framing, codec: .protobuf, isNamed: true)
    } else if rest.equals("+json") {
      self.init(framing: framing, codec: .json, isNamed: true)
    } else {
      return nil
    }
  }

  private static func withoutParameters(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let end = value.firstIndex(of: UInt8(ascii: ";")) else { return value }
    let type = value[..<end]
    guard let last = type.lastIndex(where: { $0 != UInt8(ascii: " ") }) else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(rebasing: type[...last])
  }

  private static func isUTF8(_ contentType: UnsafeRawBufferPointer) -> Bool {
    for parameter in String(decoding: contentType, as: UTF8.self).lowercased().split(separator: ";").dropFirst() {
      let text = parameter.filter { $0 != " " && $0 != "\"" }
      if text.hasPrefix("charset="), text != "charset=utf-8", text != "charset=utf8" { return false }
    }
    return true
  }
}
