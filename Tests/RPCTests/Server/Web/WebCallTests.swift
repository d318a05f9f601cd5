import Basics
import Messages
import TestAPI
import Testing

@testable import RPC

@Suite("Calls of the web: Connect and gRPC-Web")
struct WebCallTests {
  private static let greet = ServerMethod.unary(
    MethodDescriptor(service: Scripted.serviceDescriptor.fullName, name: "Greet", kind: .unary, hasNoSideEffects: true)
  ) { (request: Scripted.Request, context: ServerContext) in
    context.responseMetadata = ["x-first": "1"]
    context.trailingMetadata = ["x-last": "2", "x-last-bin": .binary([1, 2])]
    return Scripted.Response(text: request.text)
  }

  private static let refuse = Scripted.unary("Refuse") { request, _ in
    throw RPCError(
      code: .resourceExhausted,
      message: "\"Zu viel\" \(request.text)",
      details: [
        .errorInfo(ErrorInfo(reason: "TOO_MANY", domain: "test", metadata: ["limit": "3"])),
        .retryInfo(RetryInfo(retryDelay: .milliseconds(1500))),
        .badRequest(BadRequest(fieldViolations: [.init(field: "text", description: "is long", reason: "LONG")])),
      ],
      metadata: ["x-error": "yes"]
    )
  }

  private func answer(
    _ request: String,
    web: WebConfiguration = .defaults,
    _ methods: [ServerMethod] = [greet, refuse]
  ) async throws -> String {
    var answer = ""
    try await withWebServer(methods, web: web) { address in
      let client = try await WebClient(address)
      try await client.send(request)
      answer = try await client.receive()
    }
    return answer
  }

  private func get(_ query: String, _ fields: String = "") async throws -> String {
    try await answer(
      "GET \(Scripted.path("Greet"))?\(query) HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\(fields)\r\n"
    )
  }

  @Test("Metadata comes before a unary answer, trailing metadata under names of its own")
  func metadata() async throws {
    let answer = try await answer(WebClient.post("Greet", "{\"text\":\"a\"}", "connection: close"))
    #expect(answer.contains("x-first: 1\r\n"))
    #expect(answer.contains("trailer-x-last: 2\r\n"))
    #expect(answer.contains("trailer-x-last-bin: AQI\r\n"))
  }

  @Test("A failed call has the status of its code, and says in JSON why, when to come again, and how")
  func failure() async throws {
    let answer = try await answer(WebClient.post("Refuse", "{\"text\":\"a\\nb\"}", "connection: close"))
    #expect(answer.hasPrefix("HTTP/1.1 429 Too Many Requests\r\n"))
    #expect(answer.contains("retry-after: 2\r\n"))
    #expect(answer.contains("x-error: yes\r\n"))
    #expect(answer.contains("{\"code\":\"resource_exhausted\",\"message\":\"\\\"Zu viel\\\" a\\nb\",\"details\":["))
    #expect(
      answer.contains("\"debug\":{\"reason\":\"TOO_MANY\",\"domain\":\"test\",\"metadata\":{\"limit\":\"3\"}}")
    )
    #expect(answer.contains("\"debug\":{\"retryDelay\":\"1.500s\"}"))
    #expect(answer.contains("{\"field\":\"text\",\"description\":\"is long\",\"reason\":\"LONG\"}"))
  }

  @Test("JSON that does not fit is INVALID_ARGUMENT and names the place")
  func malformedJSON() async throws {
    for json in ["{\"text\":1}", "{", "", "[]", "{\"nothing\":1}"] {
      let answer = try await answer(WebClient.post("Greet", json, "connection: close"))
      #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(json): \(answer)")
      #expect(answer.contains("\"code\":\"invalid_argument\""))
      #expect(answer.contains("MALFORMED_MESSAGE"))
    }
  }

  @Test("A method that the server does not have is 404, unimplemented")
  func unknownMethod() async throws {
    let answer = try await answer(WebClient.post("None", "{}", "connection: close"))
    #expect(answer.hasPrefix("HTTP/1.1 404 "))
    #expect(answer.contains("\"code\":\"unimplemented\""))
  }

  @Test("A method without side effects is called by GET, percent-encoded or in base64")
  func getCall() async throws {
    for query in [
      "connect=v1&encoding=json&message=%7B%22text%22%3A%22a+b%22%7D",
      "message=eyJ0ZXh0IjoiYSBiIn0&base64=1&encoding=json", "message=eyJ0ZXh0IjoiYSBiIn0%3D&base64=1&encoding=json",
    ] {
      let answer = try await get(query)
      #expect(answer.hasPrefix("HTTP/1.1 200 OK"), "\(answer)")
      #expect(answer.hasSuffix("{\"text\":\"a b\"}"))
      #expect(answer.contains("vary: accept-encoding"))
    }
    #expect(try await get("encoding=proto&base64=1&message=").hasPrefix("HTTP/1.1 200 OK"))
  }

  @Test("A GET that is none of Connect's is refused")
  func wrongGet() async throws {
    #expect(try await get("").hasPrefix("HTTP/1.1 400 "))
    #expect(try await get("encoding=xml&message=").hasPrefix("HTTP/1.1 400 "))
    #expect(try await get("encoding=json").hasPrefix("HTTP/1.1 400 "))
    #expect(try await get("encoding=json&message=%&base64=1").hasPrefix("HTTP/1.1 400 "))
    #expect(try await get("connect=v2&encoding=json&message=%7B%7D").hasPrefix("HTTP/1.1 400 "))
    #expect(try await get("encoding=json&message=%7B%7D&compression=br").hasPrefix("HTTP/1.1 501 "))
  }

  @Test("A time-out that is no number of milliseconds is refused; one that passes ends the call")
  func timeouts() async throws {
    let endless = Scripted.unary("Endless") { _, _ in
      try await Task.sleep(for: .seconds(60))
      return Scripted.Response()
    }
    for text in ["-1", "+1", "", "1s", "12345678901"] {
      let request = WebClient.post("Endless", "{}", "connection: close", "connect-timeout-ms: \(text)")
      #expect(try await answer(request, [endless]).hasPrefix("HTTP/1.1 400 "), "\(text)")
    }
    let request = WebClient.post("Endless", "{}", "connection: close", "connect-timeout-ms: 20")
    let answer = try await answer(request, [endless])
    #expect(answer.hasPrefix("HTTP/1.1 504 "))
    #expect(answer.contains("\"code\":\"deadline_exceeded\""))
  }

  @Test("Pages of an origin may call when it is allowed, and learn so beforehand")
  func cors() async throws {
    var web = WebConfiguration.defaults
    web.allowedOrigins = .some(["https://shop.example"])
    let asking = """
      OPTIONS \(Scripted.path("Greet")) HTTP/1.1\r
      host: test\r
      connection: close\r
      origin: https://shop.example\r
      access-control-request-method: POST\r
      access-control-request-headers: content-type,connect-protocol-version\r
      \r

      """
    let permission = try await answer(asking, web: web)
    #expect(permission.hasPrefix("HTTP/1.1 204 "))
    #expect(permission.contains("access-control-allow-origin: https://shop.example\r\n"))
    #expect(permission.contains("access-control-allow-headers: content-type,connect-protocol-version\r\n"))
    #expect(permission.contains("access-control-allow-methods: GET, POST\r\n"))
    let other = asking.replacing("shop.example", with: "evil.example")
    #expect(try await answer(other, web: web).hasPrefix("HTTP/1.1 403 "))
    #expect(try await answer(asking).hasPrefix("HTTP/1.1 403 "))

    let call = WebClient.post("Greet", "{}", "connection: close", "origin: https://shop.example")
    #expect(try await answer(call, web: web).contains("access-control-allow-origin: https://shop.example\r\n"))
    #expect(!(try await answer(call).contains("access-control")))
  }

  @Test("gRPC-Web ends with its trailers in the body, in base64 too")
  func grpcWeb() async throws {
    let message = FrameHeader.frame(try Scripted.Request(text: "a").serializedBytes())
    let text = String(decoding: Base64.encode(message), as: UTF8.self)
    let answer = try await answer(
      """
      POST \(Scripted.path("Greet")) HTTP/1.1\r
      host: test\r
      connection: close\r
      content-type: application/grpc-web-text\r
      content-length: \(text.utf8.count)\r
      \r
      \(text)
      """
    )
    #expect(answer.contains("content-type: application/grpc-web-text\r\n"))
    let trailers = Array("grpc-status: 0\r\nx-last: 2\r\nx-last-bin: AQI\r\n".utf8)
    var last = FrameHeader.frame(trailers)
    last[0] = 0x80
    #expect(answer.contains(String(decoding: Base64.encode(message), as: UTF8.self)))
    #expect(answer.contains(String(decoding: Base64.encode(last), as: UTF8.self)))
  }

  @Test("A page is served with its tag, packed for those who take it, and not again to those who have it")
  func pages() async throws {
    var web = WebConfiguration.defaults
    let body = Array(String(repeating: "hello ", count: 200).utf8)
    web.pages = [WebPage(path: "/page", contentType: "text/plain", body: body, headers: [("x-own", "1")])]
    func page(_ fields: String = "", verb: String = "GET") async throws -> String {
      try await answer("\(verb) /page HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\(fields)\r\n", web: web)
    }
    let whole = try await page()
    #expect(whole.hasPrefix("HTTP/1.1 200 OK"))
    #expect(whole.contains("content-length: 1200\r\n"))
    #expect(whole.contains("x-own: 1\r\n"))
    #expect(whole.contains("x-content-type-options: nosniff\r\n"))
    let tag = try #require(whole.split(separator: "\r\n").first { $0.hasPrefix("etag: ") }).dropFirst(6)
    #expect(try await page("if-none-match: \(tag)\r\n").hasPrefix("HTTP/1.1 304 "))
    #expect(try await page("accept-encoding: br, gzip\r\n").contains("content-encoding: gzip\r\n"))
    #expect(try await page(verb: "HEAD").hasSuffix("\r\n\r\n"))
    #expect(try await page(verb: "DELETE").hasPrefix("HTTP/1.1 405 "))
  }

  @Test(
    "Content types of the web",
    arguments: [
      ("application/json", CallFormat(framing: .connectUnary, codec: .json)),
      ("application/json; charset=UTF-8", CallFormat(framing: .connectUnary, codec: .json)),
      ("application/json; charset=latin1", nil),
      ("application/proto", CallFormat(framing: .connectUnary, codec: .protobuf)),
      ("application/connect+json", CallFormat(framing: .connectStream, codec: .json)),
      ("application/connect+proto", CallFormat(framing: .connectStream, codec: .protobuf)),
      ("application/grpc-web", CallFormat(framing: .grpcWeb, codec: .protobuf)),
      ("application/grpc-web+json", CallFormat(framing: .grpcWeb, codec: .json, isNamed: true)),
      ("application/grpc-web-text+proto", CallFormat(framing: .grpcWebText, codec: .protobuf, isNamed: true)),
      ("application/grpc ; x", .grpc), ("application/connect", nil), ("application/", nil), ("application", nil),
      ("application/grpcx", nil), ("application/grpc-webx", nil), (";", nil), ("", nil), ("text/json", nil),
    ] as [(String, CallFormat?)]
  )
  func contentTypes(_ text: String, _ format: CallFormat?) {
    #expect(Array(text.utf8).withUnsafeBytes { CallFormat(contentType: $0) } == format)
  }
}
