/// One HTTP/2 frame as a test writes or reads it (RFC 9113 section 4.1).
struct Frame: Sendable, Hashable {
  struct Field: Sendable, Hashable {
    var name: String
    var value: String
  }

  enum Kind {
    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let resetStream: UInt8 = 3
    static let settings: UInt8 = 4
    static let ping: UInt8 = 6
    static let goAway: UInt8 = 7
    static let windowUpdate: UInt8 = 8
  }

  enum Flag {
    static let endStream: UInt8 = 1
    static let acknowledgement: UInt8 = 1
    static let endHeaders: UInt8 = 4
  }

  var kind: UInt8
  var flags: UInt8 = 0
  var stream: Int32 = 0
  var payload: [UInt8] = []
  /// The decoded fields of a received HEADERS frame.
  var fields: [Field] = []

  var endsStream: Bool {
    (kind == Kind.data || kind == Kind.headers) && flags & Flag.endStream != 0
  }

  var isAcknowledgement: Bool {
    (kind == Kind.settings || kind == Kind.ping) && flags & Flag.acknowledgement != 0
  }

  /// The 32-bit number at the start of the payload.
  var number: UInt32 { payload.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }

  var bytes: [UInt8] {
    bigEndian(UInt32(payload.count)).dropFirst() + [kind, flags] + bigEndian(UInt32(bitPattern: stream)) + payload
  }
}

func bigEndian(_ number: UInt32) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

extension Frame {
  static func settings(maxConcurrentStreams: UInt32? = nil, windowBytes: UInt32? = nil) -> Frame {
    var payload: [UInt8] = []
    if let maxConcurrentStreams { payload += [0, 3] + bigEndian(maxConcurrentStreams) }
    if let windowBytes { payload += [0, 4] + bigEndian(windowBytes) }
    return Frame(kind: Kind.settings, payload: payload)
  }

  static let settingsAcknowledgement = Frame(kind: Kind.settings, flags: Flag.acknowledgement)

  /// Makes a frame whose fields are literals without indexing, so no compression state is involved (RFC 7541 section
  /// 6.2.2).
  static func headers(_ stream: Int32, _ fields: KeyValuePairs<String, String>, endStream: Bool = false) -> Frame {
    headers(stream, fields.map { Field(name: $0.key, value: $0.value) }, endStream: endStream)
  }

  static func headers(_ stream: Int32, _ fields: [Field], endStream: Bool = false) -> Frame {
    var block: [UInt8] = []
    for field in fields {
      block.append(0)
      block += hpackString(field.name) + hpackString(field.value)
    }
    return Frame(
      kind: Kind.headers,
      flags: Flag.endHeaders | (endStream ? Flag.endStream : 0),
      stream: stream,
      payload: block
    )
  }

  private static func hpackString(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
    var length: [UInt8] = [127]
    var rest = bytes.count - 127
    while rest >= 128 {
      length.append(UInt8(rest % 128) | 0x80)
      rest /= 128
    }
    length.append(UInt8(rest))
    return length + bytes
  }

  static func data(_ stream: Int32, _ bytes: [UInt8], endStream: Bool = false) -> Frame {
    Frame(kind: Kind.data, flags: endStream ? Flag.endStream : 0, stream: stream, payload: bytes)
  }

  static func reset(_ stream: Int32, _ code: UInt32) -> Frame {
    Frame(kind: Kind.resetStream, stream: stream, payload: bigEndian(code))
  }

  static func goAway(lastStream: Int32, code: UInt32 = 0, text: String = "") -> Frame {
    Frame(kind: Kind.goAway, payload: bigEndian(UInt32(lastStream)) + bigEndian(code) + Array(text.utf8))
  }

  static func windowUpdate(_ stream: Int32, _ bytes: UInt32) -> Frame {
    Frame(kind: Kind.windowUpdate, stream: stream, payload: bigEndian(bytes))
  }

  /// Makes the headers of a gRPC response that continues.
  static func responseHeaders(_ stream: Int32) -> Frame {
    .headers(stream, [":status": "200", "content-type": "application/grpc"])
  }

  static func trailers(_ stream: Int32, status: Int = 0, message: String = "") -> Frame {
    .headers(stream, ["grpc-status": "\(status)", "grpc-message": message], endStream: true)
  }

  static func trailersOnly(_ stream: Int32, status: Int, message: String = "") -> Frame {
    .headers(
      stream,
      [":status": "200", "content-type": "application/grpc", "grpc-status": "\(status)", "grpc-message": message],
      endStream: true
    )
  }
}
