import Messages
import TestAPI
import Testing

extension Attacks {
  /// What rpc.md rows 18 and 19 ask of HTTP/1.1 (RFC 9112). Every attack comes over 20 connections.
  @Suite("HTTP/1.1")
  struct HTTP1Tests {
    private static let patience = [
      "--handshake-timeout-milliseconds", "400", "--progress-timeout-milliseconds", "400",
      "--request-timeout-milliseconds", "800",
    ]
    private static let path = "/patron.testing.v1.EchoService/Echo"
    private static let head = "POST \(path) HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"

    private static func attackers(_ target: Target) throws -> [Attacker] {
      try (0..<20).map { _ in try Attacker(port: target.port) }
    }

    /// Sends a text over every connection and reads until the server closes it.
    private static func attack(_ target: Target, with text: String, expecting beginning: String) throws {
      let attackers = try attackers(target)
      for attacker in attackers { attacker.send(Array(text.utf8)) }
      for attacker in attackers {
        try attacker.readToEnd()
        #expect(attacker.text.hasPrefix(beginning), "\(attacker.text.prefix(200))")
      }
    }

    @Test("A head that comes byte by byte is not waited for (slowloris)")
    func slowHead() async throws {
      try await Siege(options: Self.patience).run { target in
        let attackers = try Self.attackers(target)
        for byte in Self.head.utf8 {
          for attacker in attackers where !attacker.hasEnded { attacker.send([byte]) }
          Attacker.pause()
          if attackers.allSatisfy(\.hasEnded) { break }
        }
        for attacker in attackers { try attacker.readToEnd() }
      }
    }

    @Test("A body that comes byte by byte is DEADLINE_EXCEEDED")
    func slowBody() async throws {
      try await Siege(options: Self.patience).run { target in
        let attackers = try Self.attackers(target)
        for attacker in attackers { attacker.send(Array((Self.head + "content-length: 1000000\r\n\r\n").utf8)) }
        for _ in 0..<200 {
          for attacker in attackers where !attacker.hasEnded {
            attacker.send([0x20])
            attacker.take()
          }
          Attacker.pause()
          if attackers.allSatisfy({ $0.text.contains("deadline_exceeded") }) { break }
        }
        for attacker in attackers { #expect(attacker.text.hasPrefix("HTTP/1.1 504 "), "\(attacker.text)") }
      }
    }

    @Test("Chunks of one byte, with extensions as long as they like, are only as fast as others")
    func chunkExtensions() async throws {
      try await Siege(options: Self.patience).run { target in
        let attackers = try Self.attackers(target)
        let extensions = String(repeating: "x", count: 4000)
        for attacker in attackers { attacker.send(Array((Self.head + "transfer-encoding: chunked\r\n\r\n").utf8)) }
        for _ in 0..<200 {
          for attacker in attackers where !attacker.hasEnded {
            attacker.send(Array("1;\(extensions)\r\n \r\n".utf8))
            attacker.take()
          }
          if attackers.allSatisfy({ $0.hasEnded || !$0.text.isEmpty }) { break }
          Attacker.pause()
        }
        for attacker in attackers { #expect(attacker.hasEnded || attacker.text.hasPrefix("HTTP/1.1 ")) }
      }
    }

    @Test(
      "Sizes of chunks that are none end the connection",
      arguments: ["g\r\n", "-1\r\n", "ffffffffffffffffff\r\n", "\r\n", " 1\r\na\r\n", "0x1\r\na\r\n", "1\r\nab\r\n"]
    )
    func chunkSizes(_ chunk: String) async throws {
      try await Siege(options: Self.patience).run { target in
        let text = Self.head + "transfer-encoding: chunked\r\n\r\n" + chunk
        let attackers = try Self.attackers(target)
        for attacker in attackers { attacker.send(Array(text.utf8)) }
        for attacker in attackers { try attacker.readToEnd() }
      }
    }

    @Test("A head of a megabyte, in one field or in thousands, is refused")
    func hugeHeads() async throws {
      try await Siege().run { target in
        let one = "x: \(String(repeating: "a", count: 1 << 20))\r\n"
        let many = (0..<20_000).map { "x\($0): \(String(repeating: "a", count: 30))\r\n" }.joined()
        for fields in [one, many] {
          let attackers = try Self.attackers(target)
          for attacker in attackers { attacker.send(Array((Self.head + fields + "\r\n").utf8)) }
          for attacker in attackers { try attacker.readToEnd() }
        }
      }
    }

    @Test("Trailers of a megabyte are not stored")
    func hugeTrailers() async throws {
      try await Siege(options: Self.patience).run { target in
        let trailers = (0..<20_000).map { "x\($0): \(String(repeating: "a", count: 30))\r\n" }.joined()
        let attackers = try Self.attackers(target)
        for attacker in attackers {
          attacker.send(Array((Self.head + "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + trailers).utf8))
        }
        for attacker in attackers { try attacker.readToEnd() }
      }
    }

    @Test("Thousands of requests sent ahead wait in the client's own socket")
    func pipelining() async throws {
      try await Siege(options: Self.patience).run { target in
        let requests = Array(String(repeating: "GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n", count: 500).utf8)
        let attackers = try Self.attackers(target)
        for attacker in attackers { _ = attacker.flood(requests, times: 20) }
      }
    }

    @Test("A client that asks for megabytes and reads nothing holds no more than its share")
    func noReader() async throws {
      try await Siege(options: Self.patience).run { target in
        let body = try TestingV1.EchoRequest(steering: .init(responseBytes: 1 << 20)).serializedBytes()
        let head = Self.head.replacing("/json", with: "/proto") + "content-length: \(body.count)\r\n\r\n"
        let requests = (0..<20).flatMap { _ in Array(head.utf8) + body }
        let attackers = try (0..<20).map { _ in try Attacker(port: target.port, receiveBufferBytes: 4096) }
        for attacker in attackers { attacker.send(requests) }
        for _ in 0..<50 { Attacker.pause() }
      }
    }

    @Test(
      "A request that two servers could read differently is 400, and what follows is no request",
      arguments: [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n", "content-length: 4\r\ncontent-length: 5\r\n",
        "content-length: 4\r\n folded\r\n", "content-length : 4\r\n", "content-length: 4\nx: y\r\n",
        "transfer-encoding: chunked, identity\r\n", "transfer-encoding: \u{b}chunked\r\n",
      ]
    )
    func smuggling(_ fields: String) async throws {
      try await Siege().run { target in
        let smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n"
        let attackers = try Self.attackers(target)
        for attacker in attackers { attacker.send(Array((Self.head + fields + "\r\n" + smuggled).utf8)) }
        for attacker in attackers {
          try attacker.readToEnd()
          #expect(attacker.text.hasPrefix("HTTP/1.1 400 "), "\(attacker.text)")
          #expect(!attacker.text.contains("404"), "\(attacker.text)")
        }
      }
    }

    @Test(
      "Upgrades, tunnels and a preface in the middle lead nowhere",
      arguments: [
        "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "CONNECT b:443 HTTP/1.1\r\nhost: b:443\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET http://user:secret@b:99999999/%00%ff?%%% HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        "GET //../../etc/passwd HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        "PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n",
      ]
    )
    func detours(_ text: String) async throws {
      try await Siege(options: Self.patience).run { target in
        try Self.attack(target, with: text, expecting: text.contains("HTTP/2.1") ? "HTTP/1.1 505 " : "HTTP/1.1 4")
      }
    }

    @Test("JSON as deep as it is long, and 4 MiB of it, are refused like any other")
    func deepJSON() async throws {
      try await Siege(options: Self.patience).run { target in
        let bodies = [
          "{\"steering\":" + String(repeating: "[", count: 100_000),
          "{\"payload\":\"" + String(repeating: "A", count: 5 << 20),
          String(repeating: "{\"payload\":", count: 10_000),
        ]
        for body in bodies {
          let attacker = try Attacker(port: target.port)
          let head = Self.head + "connection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
          attacker.send(Array((head + body).utf8))
          try attacker.readToEnd()
          #expect(attacker.text.hasPrefix("HTTP/1.1 4"), "\(attacker.text.prefix(300))")
        }
      }
    }
  }
}
