/// One HTTP/2 frame, valid or not, of an attacker or of the server (RFC 9113 section 4.1).
struct Frame: Sendable, Hashable {
  enum Kind {
    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let priority: UInt8 = 2
    static let resetStream: UInt8 = 3
    static let settings: UInt8 = 4
    static let pushPromise: UInt8 = 5
    static let ping: UInt8 = 6
    static let goAway: UInt8 = 7
    static let windowUpdate: UInt8 = 8
    static let continuation: UInt8 = 9
    static let unknown: UInt8 = 0xbe
  }

  enum Flag {
    static let endStream: UInt8 = 0x1
    static let acknowledgement: UInt8 = 0x1
    static let endHeaders: UInt8 = 0x4
    static let padded: UInt8 = 0x8
    static let priority: UInt8 = 0x20
  }

  enum Setting {
    static let headerTableSize: UInt16 = 1
    static let enablePush: UInt16 = 2
    static let initialWindowSize: UInt16 = 4
    static let maxFrameSize: UInt16 = 5
  }

  var kind: UInt8
  var flags: UInt8 = 0
  var stream: UInt32 = 0
  var payload: [UInt8] = []

  var bytes: [UInt8] { Self.header(kind, flags, stream, length: payload.count) + payload }

  /// The 32-bit number at the start of the payload.
  var number: UInt32 { payload.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }

  var endsStream: Bool { (kind == Kind.data || kind == Kind.headers) && flags & Flag.endStream != 0 }

  /// Makes the first nine bytes of a frame.
  static func header(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, length: Int) -> [UInt8] {
    bigEndian(UInt32(length)).dropFirst() + [kind, flags] + bigEndian(stream)
  }
}

extension Frame {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  static let settingsAcknowledgement = Frame(kind: Kind.settings, flags: Flag.acknowledgement)

  static func settings(_ entries: (UInt16, UInt32)...) -> Frame {
    Frame(kind: Kind.settings, payload: entries.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] + bigEndian($1) })
  }

  static func headers(_ stream: UInt32, block: [UInt8], endStream: Bool = false, endHeaders: Bool = true) -> Frame {
    let flags = (endStream ? Flag.endStream : 0) | (endHeaders ? Flag.endHeaders : 0)
    return Frame(kind: Kind.headers, flags: flags, stream: stream, payload: block)
  }

  static func continuation(_ stream: UInt32, block: [UInt8], endHeaders: Bool = false) -> Frame {
    Frame(kind: Kind.continuation, flags: endHeaders ? Flag.endHeaders : 0, stream: stream, payload: block)
  }

  static func data(_ stream: UInt32, _ bytes: [UInt8], endStream: Bool = false) -> Frame {
    Frame(kind: Kind.data, flags: endStream ? Flag.endStream : 0, stream: stream, payload: bytes)
  }

  static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> Frame {
    Frame(kind: Kind.resetStream, stream: stream, payload: bigEndian(code))
  }

  static func windowUpdate(_ stream: UInt32, _ bytes: UInt32) -> Frame {
    Frame(kind: Kind.windowUpdate, stream: stream, payload: bigEndian(bytes))
  }

  static func priority(_ stream: UInt32, dependsOn parent: UInt32 = 0) -> Frame {
    Frame(kind: Kind.priority, stream: stream, payload: bigEndian(parent) + [15])
  }

  static func ping(_ number: UInt32 = 0, acknowledgement: Bool = false) -> Frame {
    Frame(
      kind: Kind.ping,
      flags: acknowledgement ? Flag.acknowledgement : 0,
      payload: bigEndian(number) + bigEndian(number)
    )
  }
}

func bigEndian(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

/// Makes a message of a call: flag, length, bytes (grpc doc/PROTOCOL-HTTP2.md). The length may be wrong.
func message(_ bytes: [UInt8], flag: UInt8 = 0, length: Int? = nil) -> [UInt8] {
  [flag] + bigEndian(UInt32(length ?? bytes.count)) + bytes
}
