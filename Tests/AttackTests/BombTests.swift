import CommonProto
import Messages
import TestAPI
import Testing

extension Attacks {
  /// Little on the wire, much in memory (rpc.md rows 2, 3, 9, 10, 18 and 19): a limit bounds each, whatever it
  /// announces or decompresses to.
  @Suite("Bombs and hoards")
  struct BombTests {
    private static func status(_ answer: Attacker.Answer) -> String? {
      if case .fields(let fields) = answer { fields["grpc-status"] } else { nil }
    }

    @Test("Header lists of a thousand bytes that refer to a large field again and again (HPACK bomb)")
    func hpack() async throws {
      try await Siege().run { target in
        let large = HeaderBlock.indexing([("bomb", String(repeating: "b", count: 4000))])
        let reference = [0x80 | UInt8(HeaderBlock.firstIndex)]
        for _ in 0..<20 {
          // Beyond the limit, but little enough to be refused properly.
          let attacker = try Attacker.greeting(port: target.port)
          let call = HeaderBlock.literal(HeaderBlock.call())
          attacker.send(
            .headers(1, block: call + large + [UInt8](repeating: reference[0], count: 10), endStream: true)
          )
          #expect(try Self.status(attacker.answer(1)) == "8")
          // 16,000 references: 64 MB.
          attacker.send(.headers(3, block: call + [UInt8](repeating: reference[0], count: 16_000), endStream: true))
          try expectCutOff(attacker, reason: "too_large_headers")
        }
      }
    }

    @Test("The same in trailers")
    func hpackTrailers() async throws {
      try await Siege().run { target in
        for _ in 0..<20 {
          let attacker = try Attacker.greeting(port: target.port)
          attacker.send(.headers(1, block: HeaderBlock.literal(HeaderBlock.call("Collect"))))
          let large = HeaderBlock.indexing([("bomb", String(repeating: "b", count: 4000))])
          let references = [UInt8](repeating: 0x80 | UInt8(HeaderBlock.firstIndex), count: 8000)
          attacker.send(.headers(1, block: large + references, endStream: true))
          try expectCutOff(attacker, reason: "too_large_headers")
        }
      }
    }

    @Test("1 GiB of zeros in 1 MiB of gzip")
    func gzip() async throws {
      let packed = Gzip.zeros(1 << 30)
      try await Siege().run { target in
        let body = message(packed, flag: 1)
        let call = HeaderBlock.literal(HeaderBlock.call("Echo", [("grpc-encoding", "gzip")]))
        for _ in 0..<10 {
          let attacker = try Attacker.greeting(port: target.port)
          attacker.send(.windowUpdate(0, 1 << 30))
          for stream in stride(from: 1, through: 9, by: 2) as StrideThrough<UInt32> {
            attacker.send(.headers(stream, block: call))
            try attacker.sendBody(body, on: stream)
          }
          for stream in stride(from: 1, through: 9, by: 2) as StrideThrough<UInt32> {
            #expect(try Self.status(attacker.answer(stream)) == "8")
          }
        }
      }
    }

    @Test("Many small gzip bombs at once")
    func smallGzip() async throws {
      let packed = Gzip.zeros(8 << 20)
      try await Siege().run { target in
        let call = HeaderBlock.literal(HeaderBlock.call("Echo", [("grpc-encoding", "gzip")]))
        for _ in 0..<4 {
          let attacker = try Attacker.greeting(port: target.port)
          let streams = (0..<50).map { UInt32(2 * $0 + 1) }
          for stream in streams {
            attacker.send(.headers(stream, block: call))
            try attacker.sendBody(message(packed, flag: 1), on: stream)
          }
          var answered = 0
          while answered < streams.count {
            _ = try attacker.next { $0.kind == Frame.Kind.headers && $0.endsStream }
            answered += 1
          }
        }
      }
    }

    @Test("Length prefixes that promise 4 GiB")
    func lyingLengths() async throws {
      try await Siege().run { target in
        let attacker = try Attacker.greeting(port: target.port)
        let call = HeaderBlock.literal(HeaderBlock.call())
        for stream in stride(from: 1, through: 2001, by: 2) as StrideThrough<UInt32> {
          attacker.send(.headers(stream, block: call), .data(stream, message([], length: 0xffff_ffff)))
          #expect(try Self.status(attacker.answer(stream)) == "8")
        }
      }
    }

    @Test("256 requests of 4 MiB that never end")
    func endlessRequests() async throws {
      try await Siege().run { target in
        let attacker = try Attacker.greeting(port: target.port)
        let call = HeaderBlock.literal(HeaderBlock.call())
        let piece = [UInt8](repeating: 7, count: 16_384)
        let streams = (0..<256).map { UInt32(2 * $0 + 1) }
        for stream in streams {
          attacker.send(.headers(stream, block: call), .data(stream, message([], length: (4 << 20) - 1)))
        }
        // The server gives credit for what is not complete, so 128 KiB for each stream in turn never wait for long.
        var refused: Set<UInt32> = []
        for _ in 0..<8 {
          for stream in streams where !refused.contains(stream) { attacker.send(.data(stream, piece)) }
          attacker.take()
          while let frame = attacker.nextNow({ $0.kind == Frame.Kind.headers }) { refused.insert(frame.stream) }
        }
        // Of the 32 MiB sent, 12 may stay, and half of it counts, as a message may be refused late.
        while refused.count < 150 {
          refused.insert(try attacker.next { $0.kind == Frame.Kind.headers }.stream)
        }
      }
    }

    @Test("Millions of tiny messages for a handler that reads slowly")
    func tinyMessages() async throws {
      let slow = try TestingV1.CollectRequest(steering: .init(delay: .init(seconds: 3600))).serializedBytes()
      try await Siege().run { target in
        let attacker = try Attacker.greeting(port: target.port)
        let call = HeaderBlock.literal(HeaderBlock.call("Collect"))
        let tiny = [[UInt8]](repeating: message([0x0a, 0]), count: 2000).flatMap { $0 }
        for number in 0..<128 as Range<UInt32> {
          let stream = 2 * number + 1
          attacker.send(.headers(stream, block: call), .data(stream, message(slow)))
          // As much as the window of a stream allows.
          for _ in 0..<17 { attacker.send(.data(stream, tiny)) }
          attacker.take()
        }
        // The excess was refused. The rest waits within the limit.
        let refused = try attacker.next { $0.kind == Frame.Kind.headers && $0.endsStream }
        #expect(refused.stream > 1)
      }
    }

    @Test("Large answers that are never read: no window is ever opened")
    func closedWindow() async throws {
      let large = message(try TestingV1.EchoRequest(steering: .init(responseBytes: 1 << 20)).serializedBytes())
      try await Siege(options: ["--progress-timeout-milliseconds", "500"]).run { target in
        for _ in 0..<2 {
          let attacker = try Attacker.greeting(
            port: target.port,
            settings: .settings((Frame.Setting.initialWindowSize, 0))
          )
          let call = HeaderBlock.literal(HeaderBlock.call())
          for number in 0..<256 as Range<UInt32> {
            attacker.send(.headers(2 * number + 1, block: call), .data(2 * number + 1, large, endStream: true))
          }
          let reset = try attacker.next { $0.kind == Frame.Kind.resetStream }
          #expect(reset.number == 8)
        }
      }
    }

    @Test("Large answers that are never read: the window is open, but the socket is full")
    func fullSocket() async throws {
      let large = message(
        try TestingV1.ExpandRequest(count: 1_000_000, steering: .init(responseBytes: 60_000)).serializedBytes()
      )
      try await Siege(options: ["--progress-timeout-milliseconds", "500"]).run { target in
        let socketsBefore = target.openSockets
        let attacker = try Attacker(port: target.port, receiveBufferBytes: 4096)
        attacker.send(Frame.preface + Frame.settings((Frame.Setting.initialWindowSize, 0x7fff_ffff)).bytes)
        attacker.send(.settingsAcknowledgement, .windowUpdate(0, 0x7000_0000))
        let call = HeaderBlock.literal(HeaderBlock.call("Expand"))
        for number in 0..<100 as Range<UInt32> {
          attacker.send(.headers(2 * number + 1, block: call), .data(2 * number + 1, large, endStream: true))
        }
        try target.waitUntil { $0.openSockets > socketsBefore }
        try target.waitUntil { $0.openSockets <= socketsBefore }
      }
    }

    @Test("A large answer that is taken byte by byte")
    func dribblingReader() async throws {
      let large = message(try TestingV1.EchoRequest(steering: .init(responseBytes: 1 << 20)).serializedBytes())
      try await Siege(options: ["--progress-timeout-milliseconds", "400"]).run { target in
        let attacker = try Attacker.greeting(
          port: target.port,
          settings: .settings((Frame.Setting.initialWindowSize, 0))
        )
        attacker.send(.headers(1, block: HeaderBlock.literal(HeaderBlock.call())), .data(1, large, endStream: true))
        let reset = try attacker.dribble(Frame.windowUpdate(1, 1).bytes) { $0.kind == Frame.Kind.resetStream }
        #expect(reset.number == 8)
      }
    }
  }
}
