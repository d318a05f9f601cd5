import Messages
import TestAPI
import Testing

extension Attacks {
  /// Clients that send little or nothing and occupy resources (rpc.md row 18). The time-outs are shorter here than in
  /// production, where they are 10 s for the handshake, 30 s without progress and 60 s for a whole request.
  @Suite("Silence and dribbling")
  struct SlowTests {
    private static let options = [
      "--handshake-timeout-milliseconds", "400", "--progress-timeout-milliseconds", "400",
      "--request-timeout-milliseconds", "800",
    ]

    private static let call = HeaderBlock.literal(HeaderBlock.call())

    @Test("200 connections that send nothing are closed")
    func nothing() async throws {
      try await Siege(options: Self.options).run { target in
        let attackers = try (0..<200).map { _ in try Attacker(port: target.port) }
        for attacker in attackers { try attacker.readToEnd() }
      }
    }

    @Test("A preface that comes byte by byte is not waited for")
    func preface() async throws {
      try await Siege(options: Self.options).run { target in
        let attackers = try (0..<20).map { _ in try Attacker(port: target.port) }
        for byte in Frame.preface.dropLast() {
          for attacker in attackers { attacker.send([byte]) }
          Attacker.pause()
        }
        for attacker in attackers { try attacker.readToEnd() }
      }
    }

    @Test("A client that never acknowledges SETTINGS is ended with SETTINGS_TIMEOUT")
    func settings() async throws {
      try await Siege(options: Self.options).run { target in
        let attacker = try Attacker(port: target.port)
        attacker.send(Frame.preface + Frame.settings().bytes)
        try attacker.readToEnd()
        #expect(attacker.goAway?.code == 4)
      }
    }

    @Test("A header block that comes byte by byte ends the connection")
    func headers() async throws {
      try await Siege(options: Self.options).run { target in
        let attackers = try (0..<20).map { _ in try Attacker.greeting(port: target.port) }
        for attacker in attackers { attacker.send(Frame.header(Frame.Kind.headers, 4, 1, length: 1000)) }
        for byte in Self.call.prefix(30) {
          for attacker in attackers { attacker.send([byte]) }
          Attacker.pause()
        }
        for attacker in attackers {
          try attacker.readToEnd()
          #expect(attacker.goAway?.code == Attacker.GoAway.enhanceYourCalm)
        }
      }
    }

    @Test("A request that comes byte by byte is DEADLINE_EXCEEDED", arguments: ["Echo", "Collect"])
    func request(_ method: String) async throws {
      try await Siege(options: Self.options).run { target in
        let attacker = try Attacker.greeting(port: target.port)
        attacker.send(.headers(1, block: HeaderBlock.literal(HeaderBlock.call(method))))
        attacker.send(.data(1, message([], length: 4_000_000)))
        let end = try attacker.dribble(Frame.data(1, [7]).bytes) { $0.kind == Frame.Kind.headers && $0.endsStream }
        #expect(HeaderReader().fields(end.payload)["grpc-status"] == "4")
      }
    }

    @Test("A request that never comes is DEADLINE_EXCEEDED, 256 times over")
    func noRequest() async throws {
      try await Siege(options: Self.options).run { target in
        let attacker = try Attacker.greeting(port: target.port)
        let streams = (0..<256).map { UInt32(2 * $0 + 1) }
        for stream in streams { attacker.send(.headers(stream, block: Self.call)) }
        for _ in streams { _ = try attacker.next { $0.kind == Frame.Kind.headers && $0.endsStream } }
      }
    }
  }
}
