import CommonProto
import Messages
import SeededRandomness
import TestAPI
import Testing

extension Attacks {
  /// Frames that violate RFC 9113: each ends its stream or its connection with the right code, or is ignored where the
  /// RFC requires it, and the server continues.
  @Suite("Malformed frames")
  struct MalformedFrameTests {
    /// Error codes of RFC 9113 section 7.
    private enum Code {
      static let protocolError: UInt32 = 1
      static let flowControl: UInt32 = 3
      static let streamClosed: UInt32 = 5
      static let frameSize: UInt32 = 6
      static let compression: UInt32 = 9
    }

    struct Case: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var bytes: [UInt8]
      var code: UInt32 = 0

      init(_ description: String, _ bytes: [UInt8], _ code: UInt32 = 0) {
        testDescription = description
        self.bytes = bytes
        self.code = code
      }

      init(_ description: String, _ frames: [Frame], _ code: UInt32 = 0) {
        self.init(description, frames.flatMap(\.bytes), code)
      }
    }

    private static let call = HeaderBlock.literal(HeaderBlock.call())
    /// A call that stays open.
    private static let open = Frame.headers(1, block: HeaderBlock.literal(HeaderBlock.call("Chat")))

    private static func frame(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> Frame {
      Frame(kind: kind, flags: flags, stream: stream, payload: payload)
    }

    // MARK: Before HTTP/2 has begun

    @Test(
      "What is neither HTTP/2 nor HTTP/1.1 is closed",
      arguments: [
        Case("HTTP/1.1 without a host", Array("GET / HTTP/1.1\r\n\r\n".utf8)),
        Case("TLS", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3] + [UInt8](repeating: 9, count: 40)),
        Case("a broken preface", Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\n\n".utf8)),
        Case("a PING before SETTINGS", Frame.preface + Frame.ping().bytes),
        Case("a request before SETTINGS", Frame.preface + open.bytes),
        Case("zeros", [UInt8](repeating: 0, count: 1000)),
      ]
    )
    func notHTTP2(_ wrong: Case) throws {
      let attacker = try Attacker(port: SharedTarget.get().port)
      attacker.send(wrong.bytes)
      try attacker.readToEnd()
      try SharedTarget.expectCall()
    }

    // MARK: Connection errors

    @Test(
      "Wrong frames end the connection with the code that RFC 9113 gives",
      arguments: [
        Case("SETTINGS of 5 bytes", [frame(4, [0, 1, 0, 0, 0])], Code.frameSize),
        Case("SETTINGS acknowledgement with content", [frame(4, flags: 1, [0, 1, 0, 0, 0, 0])], Code.frameSize),
        Case("SETTINGS on a stream", [frame(4, stream: 1)], Code.protocolError),
        Case("ENABLE_PUSH 2", [.settings((Frame.Setting.enablePush, 2))], Code.protocolError),
        Case("INITIAL_WINDOW_SIZE 2^31", [.settings((Frame.Setting.initialWindowSize, 1 << 31))], Code.flowControl),
        Case("MAX_FRAME_SIZE 100", [.settings((Frame.Setting.maxFrameSize, 100))], Code.protocolError),
        Case("PING of 7 bytes", [frame(6, [1, 2, 3, 4, 5, 6, 7])], Code.frameSize),
        Case("PING on a stream", [frame(6, stream: 1, [1, 2, 3, 4, 5, 6, 7, 8])], Code.protocolError),
        Case("a frame of 16,385 bytes", [open, .data(1, [UInt8](repeating: 0, count: 16_385))], Code.frameSize),
        Case("a frame that claims 16 MiB", open.bytes + Frame.header(0, 0, 1, length: 0xff_ffff), Code.frameSize),
        Case("HEADERS that claim 16 MiB", Frame.header(1, 4, 1, length: 0xff_ffff), Code.frameSize),
        Case("RST_STREAM of the connection", [.reset(0)], Code.protocolError),
        Case("RST_STREAM of an idle stream", [.reset(7)], Code.protocolError),
        Case("RST_STREAM of 3 bytes", [open, frame(3, stream: 1, [0, 0, 0])], Code.frameSize),
        Case("DATA of the connection", [.data(0, [1])], Code.protocolError),
        Case("DATA of an idle stream", [.data(7, [1])], Code.protocolError),
        Case("HEADERS of the connection", [.headers(0, block: call)], Code.protocolError),
        Case("HEADERS with an even stream", [.headers(2, block: call)], Code.protocolError),
        Case("PUSH_PROMISE", [open, frame(5, flags: 4, stream: 1, [0, 0, 0, 2])], Code.protocolError),
        Case("GOAWAY of 4 bytes", [frame(7, [0, 0, 0, 0])], Code.frameSize),
        Case("GOAWAY on a stream", [frame(7, stream: 1, [0, 0, 0, 0, 0, 0, 0, 0])], Code.protocolError),
        Case("WINDOW_UPDATE by 0 of the connection", [.windowUpdate(0, 0)], Code.protocolError),
        Case("WINDOW_UPDATE of the connection above 2^31-1", [.windowUpdate(0, 0x7fff_ffff)], Code.flowControl),
        Case("WINDOW_UPDATE of 3 bytes", [frame(8, [0, 0, 1])], Code.frameSize),
        Case("WINDOW_UPDATE of an idle stream", [.windowUpdate(7, 1)], Code.protocolError),
        Case("DATA padded beyond its end", [open, frame(0, flags: 8, stream: 1, [9, 0])], Code.protocolError),
        Case("HEADERS padded beyond their end", [frame(1, flags: 12, stream: 1, [200] + call)], Code.protocolError),
        Case("DATA without its padding length", [open, frame(0, flags: 8, stream: 1)], Code.protocolError),
        Case("HEADERS too short for their priority", [frame(1, flags: 0x24, stream: 1, [0, 0])], Code.frameSize),
        Case("PRIORITY of 4 bytes", [frame(2, stream: 1, [0, 0, 0, 0])], Code.frameSize),
        Case("CONTINUATION without HEADERS", [.continuation(1, block: call)], Code.protocolError),
        Case(
          "CONTINUATION after complete HEADERS",
          [open, .continuation(1, block: [], endHeaders: true)],
          Code.protocolError
        ),
        Case(
          "PING inside a header block",
          [.headers(1, block: call, endHeaders: false), .ping()],
          Code.protocolError
        ),
        Case(
          "DATA inside a header block",
          [.headers(1, block: call, endHeaders: false), .data(1, [])],
          Code.protocolError
        ),
        Case(
          "HEADERS inside a header block",
          [.headers(1, block: call, endHeaders: false), .headers(3, block: call)],
          Code.protocolError
        ),
        Case(
          "CONTINUATION of another stream",
          [.headers(1, block: call, endHeaders: false), .continuation(3, block: [], endHeaders: true)],
          Code.protocolError
        ),
        Case(
          "an unknown frame inside a header block",
          [.headers(1, block: call, endHeaders: false), frame(Frame.Kind.unknown)],
          Code.protocolError
        ),
      ]
    )
    func connectionError(_ wrong: Case) throws {
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(wrong.bytes)
      try attacker.readToEnd()
      #expect(attacker.goAway?.code == wrong.code)
      try SharedTarget.expectCall()
    }

    @Test("An acknowledgement of SETTINGS that were not sent ends the connection")
    func acknowledgement() throws {
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(.settingsAcknowledgement)
      try attacker.readToEnd()
      #expect(attacker.goAway?.code == Code.protocolError)
    }

    @Test("DATA after END_STREAM ends the connection with STREAM_CLOSED")
    func dataAfterEnd() throws {
      let slow = TestingV1.EchoRequest(steering: .init(delay: GoogleProtobuf.Duration(seconds: 5)))
      let body = message(try slow.serializedBytes())
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(.headers(1, block: Self.call), .data(1, body, endStream: true), .data(1, [1]))
      try attacker.readToEnd()
      #expect(attacker.goAway?.code == Code.streamClosed)
      try SharedTarget.expectCall()
    }

    @Test(
      "Header blocks that cannot be unpacked end the connection with COMPRESSION_ERROR",
      arguments: [
        Case("index 0", [0x80]),
        Case("an index beyond the table", [0x80 | 100]),
        Case("an integer without end", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Case("a table larger than allowed", [0x3f, 0xe1, 0xff, 0x03]),
        Case("a table size after a field", [0x82, 0x20]),
        Case("a name longer than the block", [0x00, 0x7f, 0x01, 0x61]),
        Case("a value that is missing", [0x00, 0x01, 0x61]),
        Case("a wrong Huffman code", [0x00, 0x01, 0x61, 0x84, 0xff, 0xff, 0xff, 0xff]),
        Case("wrong Huffman padding", [0x00, 0x01, 0x61, 0x81, 0x00]),
      ]
    )
    func hpack(_ wrong: Case) throws {
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(.headers(1, block: Self.call + wrong.bytes, endStream: true))
      try attacker.readToEnd()
      #expect(attacker.goAway?.code == Code.compression)
      try SharedTarget.expectCall()
    }

    // MARK: Stream errors

    private static func changed(_ name: String, to value: String?) -> [HeaderBlock.Field] {
      HeaderBlock.call().compactMap { field in
        field.name == name ? value.map { (name: name, value: $0) } : field
      }
    }

    @Test(
      "Wrong header fields reset the stream with PROTOCOL_ERROR, and the connection continues",
      arguments: [
        Case("an upper-case name", HeaderBlock.literal(HeaderBlock.call("Echo", [("Upper", "a")]))),
        Case("no :method", HeaderBlock.literal(changed(":method", to: nil))),
        Case("no :scheme", HeaderBlock.literal(changed(":scheme", to: nil))),
        Case("no :path", HeaderBlock.literal(changed(":path", to: nil))),
        Case("an empty :path", HeaderBlock.literal(changed(":path", to: ""))),
        Case("two :path", HeaderBlock.literal([(":path", "/a")] + HeaderBlock.call())),
        Case(":method after other fields", HeaderBlock.literal(changed(":method", to: nil) + [(":method", "POST")])),
        Case("an unknown pseudo-header", HeaderBlock.literal([(":what", "a")] + HeaderBlock.call())),
        Case("a pseudo-header of answers", HeaderBlock.literal([(":status", "200")] + HeaderBlock.call())),
        Case("connection", HeaderBlock.literal(HeaderBlock.call("Echo", [("connection", "close")]))),
        Case("keep-alive", HeaderBlock.literal(HeaderBlock.call("Echo", [("keep-alive", "1")]))),
        Case("transfer-encoding", HeaderBlock.literal(HeaderBlock.call("Echo", [("transfer-encoding", "chunked")]))),
        Case("upgrade", HeaderBlock.literal(HeaderBlock.call("Echo", [("upgrade", "h2c")]))),
        Case("another te", HeaderBlock.literal(changed("te", to: "gzip"))),
        Case(
          "a content-length that is no number",
          HeaderBlock.literal(HeaderBlock.call("Echo", [("content-length", "x")]))
        ),
        Case(
          "two content-lengths",
          HeaderBlock.literal(HeaderBlock.call("Echo", [("content-length", "5"), ("content-length", "5")]))
        ),
        Case(
          "a content-length that is too large",
          HeaderBlock.literal(HeaderBlock.call("Echo", [("content-length", "9")]))
        ),
        Case(
          "a content-length that is too small",
          HeaderBlock.literal(HeaderBlock.call("Echo", [("content-length", "3")]))
        ),
      ]
    )
    func headerField(_ wrong: Case) throws {
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(.headers(1, block: wrong.bytes), .data(1, message([]), endStream: true))
      #expect(try attacker.answer(1) == .reset(code: Code.protocolError))
      try SharedTarget.expectCall(on: attacker, stream: 3)
    }

    @Test("A stream's window above 2^31-1 resets it with FLOW_CONTROL_ERROR, and the connection continues")
    func streamWindow() throws {
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(Self.open, .windowUpdate(1, 0x7fff_ffff))
      #expect(try attacker.answer(1) == .reset(code: Code.flowControl))
      try SharedTarget.expectCall(on: attacker, stream: 3)
    }

    @Test("More DATA than the window resets the stream with FLOW_CONTROL_ERROR, and the connection continues")
    func overfullWindow() throws {
      // The handler waits, so no credit returns.
      let slow = TestingV1.ChatRequest(steering: .init(delay: GoogleProtobuf.Duration(seconds: 30)))
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(Self.open, .data(1, message(try slow.serializedBytes())))
      let piece = [[UInt8]](repeating: message([UInt8](repeating: 0, count: 1000)), count: 16).flatMap { $0 }
      for _ in 0..<100 { attacker.send(.data(1, piece)) }
      #expect(try attacker.answer(1) == .reset(code: Code.flowControl))
      try SharedTarget.expectCall(on: attacker, stream: 3)
    }

    @Test("A second header block that does not end the stream is refused")
    func trailersWithoutEnd() throws {
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(Self.open, .headers(1, block: HeaderBlock.literal([("a", "b")])))
      #expect(try attacker.answer(1) == .reset(code: Code.protocolError))
      try SharedTarget.expectCall(on: attacker, stream: 3)
    }

    // MARK: What is to be ignored

    @Test(
      "What RFC 9113 requires to ignore is ignored",
      arguments: [
        Case("an unknown frame", [frame(Frame.Kind.unknown, flags: 0xff, [1, 2, 3])]),
        Case("an unknown frame of a stream", [open, frame(Frame.Kind.unknown, flags: 0xff, stream: 1, [1, 2, 3])]),
        Case("an unknown setting", [.settings((0x7abc, 1))]),
        Case("flags without meaning", [frame(6, flags: 0xf0, [1, 2, 3, 4, 5, 6, 7, 8])]),
        Case("a stream with the reserved bit", [frame(6, stream: 1 << 31, [1, 2, 3, 4, 5, 6, 7, 8])]),
        Case("the answer to a PING that was not sent", [.ping(acknowledgement: true)]),
        Case("PRIORITY", [.priority(7)]),
        // An error by RFC 9113 section 6.3, but a server without priorities ignores them.
        Case("PRIORITY of the connection", [.priority(0)]),
        Case("RST_STREAM twice", [open, .reset(1), .reset(1)]),
        Case("DATA after RST_STREAM", [open, .reset(1), .data(1, [1, 2, 3])]),
        Case("WINDOW_UPDATE after RST_STREAM", [open, .reset(1), .windowUpdate(1, 1)]),
        Case("GOAWAY", [frame(7, [0, 0, 0, 0, 0, 0, 0, 0])]),
      ]
    )
    func ignored(_ odd: Case) throws {
      let attacker = try Attacker.greeting(port: SharedTarget.get().port)
      attacker.send(odd.bytes)
      try SharedTarget.expectCall(on: attacker, stream: 99)
    }

    @Test("Every type of frame at every wrong moment leaves the server as it was", arguments: SeededRandom.several)
    func anyOrder(_ seed: SeededRandom) throws {
      var random = seed
      for _ in 0..<100 {
        let attacker = try Attacker.greeting(port: SharedTarget.get().port)
        for _ in 0..<Int.random(in: 1...20, using: &random) {
          let length = Int.random(in: 0...40, using: &random)
          let frame = Frame(
            kind: UInt8.random(in: 0...10, using: &random),
            flags: UInt8.random(in: 0...255, using: &random),
            stream: [0, 1, 1, 1, 2, 3, 5, 0x7fff_ffff].randomElement(using: &random) ?? 0,
            payload: Bool.random(using: &random)
              ? Self.call : (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
          )
          attacker.send(frame)
        }
        attacker.take()
      }
      try SharedTarget.expectCall()
    }
  }
}
