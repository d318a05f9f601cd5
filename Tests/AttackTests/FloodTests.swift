import CommonProto
import Messages
import TestAPI
import Testing

extension Attacks {
  /// Cheap frames in great numbers (rpc.md row 19). Each flood ends in GOAWAY with ENHANCE_YOUR_CALM and a reason, long
  /// before all of it is sent.
  @Suite("Floods")
  struct FloodTests {
    /// The first request of a connection puts its fields into the compression table; all others are six bytes.
    private static let firstCall = HeaderBlock.indexing(HeaderBlock.call())
    private static let nextCall = HeaderBlock.indexed(6)

    /// Makes requests on streams `first`, `first` + 2 and so on, each by `frames`.
    private static func requests(
      from first: UInt32,
      count: Int,
      _ frames: (_ stream: UInt32, _ block: [UInt8]) -> [Frame]
    ) -> [UInt8] {
      (0..<count).flatMap { number -> [UInt8] in
        let stream = first + 2 * UInt32(number)
        return frames(stream, stream == 1 ? firstCall : nextCall).flatMap(\.bytes)
      }
    }

    @Test("100,000 calls that are reset at once (rapid reset)")
    func rapidReset() async throws {
      try await Siege().run { target in
        let batch = 500
        var sent = 0
        var connections = 0
        while sent < 100_000 {
          let attacker = try Attacker.greeting(port: target.port)
          var stream: UInt32 = 1
          var isTaken = true
          while isTaken, sent < 100_000 {
            isTaken = attacker.send(
              Self.requests(from: stream, count: batch) { [.headers($0, block: $1), .reset($0)] }
            )
            attacker.take()
            stream += UInt32(2 * batch)
            sent += batch
          }
          connections += 1
          // The last connection may have sent too little to be cut off.
          guard !isTaken || attacker.hasEnded || sent < 100_000 else { break }
          try expectCutOff(attacker, reason: "too_many_resets")
        }
        #expect(connections > 1)
      }
    }

    @Test("Calls whose streams the attacker makes the server reset (MadeYouReset)")
    func madeYouReset() async throws {
      let slow = TestingV1.EchoRequest(steering: .init(delay: GoogleProtobuf.Duration(seconds: 1)))
      let body = message(try slow.serializedBytes())
      try await Siege().run { target in
        for _ in 0..<10 {
          let attacker = try Attacker.greeting(port: target.port)
          var stream: UInt32 = 1
          while attacker.send(
            Self.requests(from: stream, count: 20) { stream, block in
              [
                .headers(stream, block: block), .data(stream, body, endStream: true),
                .windowUpdate(stream, 0x7fff_ffff),
              ]
            }
          ), !attacker.hasEnded, stream < 20_000 {
            attacker.take()
            stream += 40
          }
          try expectCutOff(attacker, reason: "too_many_stream_errors")
        }
      }
    }

    @Test("A header block of CONTINUATION frames without end")
    func continuation() async throws {
      try await Siege().run { target in
        for _ in 0..<20 {
          let attacker = try Attacker.greeting(port: target.port)
          attacker.send(.headers(1, block: Self.firstCall, endHeaders: false))
          let field = HeaderBlock.literal([("a", String(repeating: "a", count: 16_000))])
          _ = attacker.flood(Frame.continuation(1, block: field).bytes, times: 10_000)
          try expectCutOff(attacker, reason: "")
        }
      }
    }

    @Test("Empty CONTINUATION frames")
    func emptyContinuation() async throws {
      try await Siege().run { target in
        for _ in 0..<20 {
          let attacker = try Attacker.greeting(port: target.port)
          attacker.send(.headers(1, block: Self.firstCall, endHeaders: false))
          _ = attacker.flood(Frame.continuation(1, block: []).bytes, times: 10_000)
          try expectCutOff(attacker, reason: "")
        }
      }
    }

    /// A frame that is sent until the attacker is cut off.
    struct Flood: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var frame: Frame
      var reason = "too_many_control_frames"
      /// Whether a call must be open for the frame to be legal.
      var needsCall = false
    }

    @Test(
      "Frames that carry nothing",
      arguments: [
        Flood(testDescription: "SETTINGS", frame: .settings((Frame.Setting.initialWindowSize, 1000))),
        Flood(testDescription: "empty SETTINGS", frame: .settings()),
        Flood(testDescription: "PING", frame: .ping(), reason: "too_many_pings"),
        Flood(testDescription: "PING acknowledgements", frame: .ping(acknowledgement: true)),
        Flood(testDescription: "PRIORITY", frame: .priority(1)),
        Flood(testDescription: "PRIORITY of idle streams", frame: .priority(1_000_001, dependsOn: 1_000_003)),
        Flood(testDescription: "WINDOW_UPDATE of the connection", frame: .windowUpdate(0, 1)),
        Flood(testDescription: "WINDOW_UPDATE of a stream", frame: .windowUpdate(1, 1), needsCall: true),
        Flood(testDescription: "empty DATA", frame: .data(1, []), needsCall: true),
        Flood(
          testDescription: "DATA of padding alone",
          frame: Frame(kind: Frame.Kind.data, flags: Frame.Flag.padded, stream: 1, payload: [3, 0, 0, 0]),
          needsCall: true
        ),
        Flood(
          testDescription: "frames of an unknown type",
          frame: Frame(kind: Frame.Kind.unknown, payload: [1, 2, 3])
        ),
      ]
    )
    func control(_ flood: Flood) async throws {
      try await Siege(name: flood.testDescription).run { target in
        for _ in 0..<10 {
          let attacker = try Attacker.greeting(port: target.port)
          if flood.needsCall { attacker.send(.headers(1, block: HeaderBlock.literal(HeaderBlock.call("Chat")))) }
          // A chunk is less than the server reads at once, so that it sees several.
          let chunk = [[UInt8]](repeating: flood.frame.bytes, count: 500).flatMap { $0 }
          let sent = attacker.flood(chunk, times: 2000)
          #expect(sent < 2000)
          // Floods of what must be acknowledged may be noticed by nghttp2 first, which gives no reason.
          try attacker.readToEnd()
          #expect(attacker.goAway?.code == Attacker.GoAway.enhanceYourCalm)
          if attacker.goAway?.text != "" { #expect(attacker.goAway?.text == flood.reason) }
        }
      }
    }

    @Test("Requests that are refused, by one who reads none of the refusals")
    func unreadRefusals() async throws {
      try await Siege().run { target in
        for _ in 0..<4 {
          let attacker = try Attacker(port: target.port, receiveBufferBytes: 4096)
          // Without the acknowledgement of its SETTINGS the server must assume that its stream limit is not known yet.
          attacker.send(Frame.preface + Frame.settings().bytes)
          var stream: UInt32 = 1
          while attacker.send(Self.requests(from: stream, count: 500) { [.headers($0, block: $1)] }), stream < 3_000_000
          {
            stream += 1000
          }
          // Their refusals are counted as they are written, and bounded when they cannot be written any more.
          #expect(stream < 3_000_000)
        }
      }
    }

    @Test("600 connections that work and end leave nothing behind")
    func connections() async throws {
      try await Siege().run { target in
        let attackers = try (0..<600).map { _ in try Attacker.greeting(port: target.port) }
        for attacker in attackers { try SharedTarget.expectCall(on: attacker, stream: 1) }
      }
    }
  }
}
