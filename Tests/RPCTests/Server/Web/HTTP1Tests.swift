import TestAPI
import Testing

@testable import RPC

@Suite("HTTP/1.1 beside HTTP/2 on one port (RFC 9112)")
struct HTTP1Tests {
  private static let sleepy = Scripted.unary("Slow") { request, _ in
    try await Task.sleep(for: .milliseconds(30))
    return Scripted.Response(text: request.text)
  }

  private func answer(_ request: String, _ methods: [ServerMethod] = [Scripted.echo]) async throws -> String {
    var answer = ""
    try await withWebServer(methods) { address in
      let client = try await WebClient(address)
      try await client.send(request)
      answer = try await client.receive()
    }
    return answer
  }

  @Test("A call in JSON is answered in JSON, with its length, and the connection goes on")
  func unary() async throws {
    try await withWebServer([Scripted.echo]) { address in
      let client = try await WebClient(address)
      for text in ["hello", "你好"] {
        try await client.send(WebClient.post("Echo", "{\"text\":\"\(text)\"}"))
        let answer = try await client.receive { $0.contains("}") }
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("content-length: \(11 + text.utf8.count)\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n{\"text\":\"\(text)\"}"))
      }
      await client.close()
    }
  }

  @Test("Requests that are sent ahead are answered in their order, one after another")
  func pipelining() async throws {
    try await withWebServer([Self.sleepy, Scripted.echo]) { address in
      let client = try await WebClient(address)
      let requests = (0..<20).map { WebClient.post($0 % 2 == 0 ? "Slow" : "Echo", "{\"text\":\"\($0)\"}") }
      try await client.send(requests.joined())
      let answers = try await client.receive { $0.contains("\"19\"}") }
      let texts = answers.split(separator: "{\"text\":\"").dropFirst().map { $0.prefix { $0 != "\"" } }
      #expect(texts == (0..<20).map { "\($0)" })
      await client.close()
    }
  }

  @Test("A body in chunks is put together, however it is split")
  func chunks() async throws {
    try await withWebServer([Scripted.echo]) { address in
      let client = try await WebClient(address)
      let head = "POST \(Scripted.path("Echo")) HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n"
      let body = "transfer-encoding: chunked\r\n\r\n6\r\n{\"text\r\n9\r\n\":\"hello\"\r\n1\r\n}\r\n0\r\n\r\n"
      for byte in head + body { try await client.send(String(byte)) }
      #expect(try await client.receive { $0.contains("}") }.hasSuffix("{\"text\":\"hello\"}"))
      await client.close()
    }
  }

  @Test("A client that waits for 100 Continue gets it")
  func expects() async throws {
    try await withWebServer([Scripted.echo]) { address in
      let client = try await WebClient(address)
      let request = WebClient.post("Echo", "{\"text\":\"a\"}", "expect: 100-continue")
      let body = "{\"text\":\"a\"}"
      try await client.send(String(request.dropLast(body.count)))
      #expect(try await client.receive { $0.contains("\r\n\r\n") } == "HTTP/1.1 100 Continue\r\n\r\n")
      try await client.send(body)
      #expect(try await client.receive { $0.contains("}") }.hasSuffix(body))
      await client.close()
    }
  }

  @Test("A stream is answered in chunks as it goes")
  func stream() async throws {
    let count = Scripted.serverStreaming("Count") { _, responses, _ in
      for number in 1...3 {
        try await responses.write(Scripted.Response(text: "\(number)"))
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    let request = "\u{0}\u{0}\u{0}\u{0}\u{2}{}"
    let answer = try await answer(
      """
      POST \(Scripted.path("Count")) HTTP/1.1\r
      host: test\r
      connection: close\r
      content-type: application/connect+json\r
      content-length: 7\r
      \r
      \(request)
      """,
      [count]
    )
    #expect(answer.contains("transfer-encoding: chunked\r\n"))
    #expect(answer.contains("content-type: application/connect+json\r\n"))
    for text in ["{\"text\":\"1\"}", "{\"text\":\"2\"}", "{\"text\":\"3\"}", "\u{2}\u{0}\u{0}\u{0}\u{2}{}"] {
      #expect(answer.contains(text))
    }
    #expect(answer.hasSuffix("\r\n0\r\n\r\n"))
  }

  @Test(
    "A request that two servers could read differently is refused, and its connection ends",
    arguments: [
      "content-length: 12\r\ntransfer-encoding: chunked", "content-length: 12\r\ncontent-length: 13",
      "content-length: 12\r\ncontent-length: 12", "content-length: +12", "content-length: 1 2",
      "content-length: 12\r\n folded: 1", "content-length : 12", "content-length: 12\nx: y",
      "transfer-encoding: gzip, chunked", "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
      "transfer-encoding: xchunked", "transfer-encoding:\u{b}chunked", "content-length: 99999999999999999999",
      "content-length: 12\r\nhost: other", "content-length: 12\r\nx\u{0}: y", "content-length: 12\r\nx: \u{0}",
    ]
  )
  func smuggling(_ fields: String) async throws {
    let answer = try await answer(
      """
      POST \(Scripted.path("Echo")) HTTP/1.1\r
      host: test\r
      content-type: application/json\r
      \(fields)\r
      \r
      {"text":"a"}GET /smuggled HTTP/1.1\r
      host: test\r
      \r

      """
    )
    #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
    #expect(answer.contains("connection: close\r\n"))
    #expect(answer.components(of: "HTTP/1.1 ") == 1, "\(answer)")
  }

  @Test(
    "Targets in every form find the method",
    arguments: ["", "http://test", "HTTP://other:80", "https://test"]
  )
  func targets(_ prefix: String) async throws {
    let request = WebClient.post("Echo", "{\"text\":\"a\"}", "connection: close")
    let answer = try await answer(request.replacing("POST /", with: "POST \(prefix)/", maxReplacements: 1))
    #expect(answer.hasPrefix("HTTP/1.1 200 OK"), "\(answer)")
  }

  @Test("Verbs, paths and content types that are none of ours get the status and a sentence that says what to send")
  func plain() async throws {
    func status(_ line: String, _ fields: String = "") async throws -> String {
      let answer = try await answer("\(line) HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\(fields)\r\n")
      #expect(answer.contains("content-type: text/plain"), "\(answer)")
      return String(answer.dropFirst(9).prefix(3))
    }
    let echo = Scripted.path("Echo")
    #expect(try await status("GET \(echo)") == "405")
    #expect(try await status("PUT \(echo)") == "405")
    #expect(try await status("GET /nothing") == "404")
    #expect(try await status("POST /nothing") == "404")
    #expect(try await status("POST \(echo)", "content-length: 0\r\n") == "415")
    #expect(try await status("POST \(echo)", "content-length: 0\r\ncontent-type: application/grpc\r\n") == "505")
    #expect(try await status("OPTIONS *") == "404")
  }

  @Test("Another version, no version and no HTTP are refused without a word more")
  func notHTTP() async throws {
    #expect(try await answer("GET / HTTP/3.0\r\nhost: test\r\n\r\n").hasPrefix("HTTP/1.1 "))
    #expect(try await answer("hello world\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
    #expect(try await answer("\u{16}\u{3}\u{1}").hasPrefix("HTTP/1.1 400 "))
    #expect(try await answer("GET / HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
    #expect(try await answer("CONNECT test:443 HTTP/1.1\r\nhost: test\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
  }

  @Test("Header fields over the limit are 431, many more end the connection")
  func largeHeaders() async throws {
    let large = String(repeating: "a", count: 20 << 10)
    let answer = try await answer("GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\nx: \(large)\r\n\r\n")
    #expect(answer.hasPrefix("HTTP/1.1 431 "), "\(answer)")
  }

  @Test("A call of HTTP/1.0 is answered, and its connection ends")
  func oldVersion() async throws {
    let request = WebClient.post("Echo", "{\"text\":\"a\"}").replacing(" HTTP/1.1", with: " HTTP/1.0")
    let answer = try await answer(request)
    #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
    #expect(answer.contains("connection: close\r\n"))
  }

  @Test("Another protocol is not taken up: the call is answered as it came")
  func upgrade() async throws {
    let request = WebClient.post("Echo", "{\"text\":\"a\"}", "connection: upgrade, http2-settings", "upgrade: h2c")
    let answer = try await answer(request)
    #expect(answer.hasPrefix("HTTP/1.1 200 OK"), "\(answer)")
    #expect(answer.hasSuffix("{\"text\":\"a\"}"))
  }

  @Test("A connection without a request ends, at first and after an answer")
  func idle() async throws {
    var web = WebConfiguration.defaults
    web.idleTimeout = .milliseconds(100)
    var limits = ServerLimits.defaults
    limits.handshakeTimeout = .milliseconds(100)
    try await withWebServer([Scripted.echo], web: web, limits: limits) { address in
      let silent = try await WebClient(address)
      #expect(try await silent.receive() == "")
      let slow = try await WebClient(address)
      // It may have been closed before this arrives.
      try? await slow.send("POST / HTTP/1.1\r\nhost: te")
      #expect(try await slow.receive() == "")
    }
    try await withWebServer([Scripted.echo], web: web) { address in
      let served = try await WebClient(address)
      try await served.send(WebClient.post("Echo", "{}"))
      #expect(try await served.receive().hasSuffix("{}"))
    }
  }

  @Test("While the server drains, running calls are answered and say that the connection ends")
  func drain() async throws {
    var configuration = ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
    configuration.web = .defaults
    let started = Flag()
    let release = Flag()
    let slow = Scripted.unary("Slow") { request, _ in
      started.raise()
      await release.wait()
      return Scripted.Response(text: request.text)
    }
    let server = Server(configuration: configuration, services: [Scripted(methods: [slow])], logger: .quiet)
    let address = try await server.start()[0]
    let client = try await WebClient(address)
    let idle = try await WebClient(address)
    try await client.send(WebClient.post("Slow", "{\"text\":\"a\"}"))
    await started.wait()
    async let ended: Void = server.shutdown(grace: .seconds(10))
    // The idle connection is closed once the drain has begun.
    #expect(try await idle.receive() == "")
    release.raise()
    await ended
    let answer = try await client.receive()
    #expect(answer.hasSuffix("{\"text\":\"a\"}"))
    #expect(answer.contains("connection: close\r\n"))
  }

  @Test("A client that leaves cancels its call")
  func leaves() async throws {
    let cancelled = Flag()
    let endless = Scripted.unary("Endless") { _, _ in
      defer { cancelled.raise() }
      try await Task.sleep(for: .seconds(60))
      return Scripted.Response()
    }
    try await withWebServer([endless]) { address in
      let client = try await WebClient(address)
      try await client.send(WebClient.post("Endless", "{}"))
      try await Task.sleep(for: .milliseconds(50))
      await client.close()
      await cancelled.wait()
    }
  }
}

extension String {
  fileprivate func components(of separator: String) -> Int { split(separator: separator).count }
}
