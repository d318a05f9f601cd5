import Basics
import Messages
import TestAPI
import Testing

@testable import RPC

@Suite("What a server answers to a request (rows 2-6)")
struct ServerProtocolTests {
  private static let echo = Scripted.path("Echo")
  private static let request = TestingV1.ChatRequest(text: "hello")

  // MARK: Row 2, framing

  @Test("A message split into single bytes is put together")
  func splitMessage() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.open(WireClient.headers(Self.echo))
      for byte in FrameHeader.frame(try Self.request.serializedBytes()) {
        try await stream.send([byte])
        try await client.roundTrip()
      }
      try await stream.send([], endStream: true)
      try await stream.closed()
      #expect(stream.status == .ok)
      #expect(try stream.decoded(TestingV1.ChatResponse.self).map(\.text) == ["hello"])
    }
  }

  @Test("A length over 4 MiB is refused from its prefix alone")
  func tooLarge() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.open(WireClient.headers(Self.echo))
      try await stream.send([0, 0, 0x40, 0, 1])
      try await stream.closed()
      #expect(stream.status == .resourceExhausted)
      #expect(stream.reason == "MESSAGE_TOO_LARGE")
    }
  }

  @Test("A method's own limit counts for it alone")
  func methodLimit() async throws {
    var limits = ServerLimits.defaults
    limits.requestBytesMaximumByMethod["patron.testing.v1.Scripted/Echo"] = 4
    let other = Scripted.unary("Other") { _, _ in Scripted.Response() }
    try await withServerAndClient([Scripted.echo, other], limits: limits) { client in
      expect(try await client.status(Self.echo, Self.request), is: .resourceExhausted)
      expect(try await client.status(Scripted.path("Other"), Self.request), is: .ok)
    }
  }

  @Test(
    "Broken framing is INTERNAL",
    arguments: [[1, 0, 0, 0, 0], [7, 0, 0, 0, 0], [0, 0, 0, 0, 5, 1], [0, 0]] as [[UInt8]]
  )
  func broken(_ body: [UInt8]) async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.call(WireClient.headers(Self.echo), body: body)
      #expect(stream.status == .internalError)
      #expect(stream.reason == "MALFORMED_MESSAGE")
    }
  }

  @Test(
    "A message that is no protocol buffer of its type is INVALID_ARGUMENT",
    arguments: [
      [0xff, 0xff, 0xff], [0x0a, 0x01, 0xff], [0x0a, 0x05, 0x61], [0x88, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01], [0x00],
      [0x0b],
    ] as [[UInt8]]
  )
  func malformed(_ message: [UInt8]) async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.call(WireClient.headers(Self.echo), body: FrameHeader.frame(message))
      #expect(stream.status == .invalidArgument)
      #expect(stream.reason == "MALFORMED_MESSAGE")
    }
  }

  @Test("None or two messages where one is due are UNIMPLEMENTED", arguments: [0, 2, 3])
  func cardinality(_ count: Int) async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let body = [[UInt8]](repeating: FrameHeader.frame([]), count: count).flatMap { $0 }
      let stream = try await client.call(WireClient.headers(Self.echo), body: body)
      #expect(stream.status == .unimplemented)
      #expect(stream.reason == "WRONG_CARDINALITY")
    }
  }

  // MARK: Row 3, headers

  @Test(
    "What is not gRPC is answered with 415",
    arguments: ["text/plain", "application/grpc-web", "application/grpc+json", "application/json"]
  )
  func notGRPC(_ contentType: String) async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.call(WireClient.headers(Self.echo, contentType: contentType))
      #expect(stream[":status"] == "415")
      #expect(stream.status == nil)
      #expect(stream.blocks.count == 1)
    }
  }

  @Test("A client that does not take trailers is answered with 415, another method than POST with 405")
  func otherHeaders() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let headers = WireClient.headers(Self.echo)
      let noTrailers = try await client.call(headers.filter { $0.0 != "te" })
      #expect(noTrailers[":status"] == "415")
      let get = try await client.call(headers.map { $0.0 == ":method" ? ($0.0, "GET") : $0 })
      #expect(get[":status"] == "405")
      #expect(get["allow"] == "POST")
    }
  }

  @Test("The answer has the content type of the request", arguments: ["application/grpc", "application/grpc+proto"])
  func contentType(_ contentType: String) async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.call(
        WireClient.headers(Self.echo, contentType: contentType),
        body: FrameHeader.frame([])
      )
      #expect(stream["content-type"] == contentType)
      #expect(stream.status == .ok)
    }
  }

  @Test(
    "An unknown path is UNIMPLEMENTED without waiting for the request",
    arguments: ["/no.Such/Method", "/", "/patron.testing.v1.Scripted/echo", "/patron.testing.v1.Scripted"]
  )
  func unknownPath(_ path: String) async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.open(WireClient.headers(path))
      try await stream.closed()
      #expect(stream.status == .unimplemented)
      #expect(stream.reason == "METHOD_NOT_FOUND")
    }
  }

  @Test("A header list over 16 KiB is refused, and the connection continues")
  func headerList() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let large = (0..<5).map { ("x-\($0)", String(repeating: "a", count: 4000)) }
      let stream = try await client.call(Self.echo, Self.request, extra: large)
      #expect(stream.status == .resourceExhausted)
      #expect(stream.reason == "METADATA_TOO_LARGE")
      expect(try await client.status(Self.echo, Self.request, extra: Array(large.prefix(3))), is: .ok)
    }
  }

  @Test("An unknown message encoding is UNIMPLEMENTED and says what is accepted")
  func encoding() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.call(Self.echo, Self.request, extra: [("grpc-encoding", "br")])
      #expect(stream.status == .unimplemented)
      #expect(stream.reason == "UNSUPPORTED_ENCODING")
      #expect(stream["grpc-accept-encoding"]?.contains("identity") == true)
      expect(try await client.status(Self.echo, Self.request, extra: [("grpc-encoding", "identity")]), is: .ok)
    }
  }

  // MARK: Row 4, trailers-only

  @Test("An immediate error is one HEADERS frame, a success is headers, data and trailers")
  func trailersOnly() async throws {
    let failing = Scripted.unary("Fail") { _, _ in throw RPCError(code: .notFound, message: "no") }
    try await withServerAndClient([Scripted.echo, failing]) { client in
      let failure = try await client.call(Scripted.path("Fail"), Self.request)
      #expect(failure.blocks.count == 1)
      #expect(failure.data.isEmpty)
      #expect(failure[":status"] == "200")
      #expect(failure["content-type"] == "application/grpc")
      #expect(failure.closeCode == .noError)
      let success = try await client.call(Self.echo, Self.request)
      #expect(success.blocks.map { $0.map(\.name) } == [[":status", "content-type"], ["grpc-status"]])
    }
  }

  @Test(
    "Response headers that a handler has set go before the status, not with it, when there is no message",
    arguments: ["", "fail"]
  )
  func headersWithoutMessage(_ text: String) async throws {
    let method = Scripted.serverStreaming { request, _, context in
      context.responseMetadata.add("early", "1")
      context.trailingMetadata.add("late", "2")
      if request.text == "fail" { throw RPCError(code: .aborted, message: "no") }
    }
    try await withServerAndClient([method]) { client in
      let stream = try await client.call(Scripted.path("ServerStreaming"), Scripted.Request(text: text))
      #expect(stream.blocks.count == 2)
      #expect(stream.blocks.first?.map(\.name) == [":status", "content-type", "early"])
      let last = stream.blocks.last?.map(\.name) ?? []
      #expect(last.contains("late") && last.contains("grpc-status") && !last.contains("early"))
      #expect(stream.data.isEmpty)
      #expect(stream.status == (text.isEmpty ? .ok : .aborted))
      #expect(stream.closeCode == .noError)
    }
  }

  @Test("A server configured to adds no details: those of its handlers go out as given, its own errors have none")
  func exactDetails() async throws {
    let given = [ErrorDetail.other(typeURL: "type.googleapis.com/a.B", value: [1, 2])]
    let detailed = Scripted.unary("Detailed") { _, _ in throw RPCError(code: .aborted, details: given) }
    let bare = Scripted.unary("Bare") { _, _ in throw RPCError(code: .aborted) }
    try await withServerAndClient([detailed, bare], addsErrorInfo: false) { client in
      let stream = try await client.call(Scripted.path("Detailed"), Self.request)
      let field = try #require(stream["grpc-status-details-bin"])
      let bytes = try #require(Base64.decode(field.utf8))
      #expect(try StatusDetails(wire: bytes).details == given)
      for (path, status) in [(Scripted.path("Bare"), StatusCode.aborted), (Scripted.path("None"), .unimplemented)] {
        let stream = try await client.call(path, Self.request)
        #expect(stream.status == status)
        #expect(stream["grpc-status-details-bin"] == nil)
      }
    }
  }

  @Test("Response headers wait for the first message")
  func headersWait() async throws {
    let (started, mayWrite) = (Flag(), Flag())
    let method = Scripted.serverStreaming { _, responses, _ in
      started.raise()
      await mayWrite.wait()
      try await responses.write(Scripted.Response(text: "first"))
    }
    try await withServerAndClient([method]) { client in
      let stream = try await client.open(
        WireClient.headers(Scripted.path("ServerStreaming")),
        body: FrameHeader.frame([])
      )
      await started.wait()
      try await client.roundTrip()
      #expect(try await stream.peek { $0.blocks.isEmpty })
      mayWrite.raise()
      try await stream.closed()
      #expect(stream.blocks.count == 2)
      #expect(stream.messages.count == 1)
    }
  }

  // MARK: Row 5, status

  @Test("Every code arrives as thrown", arguments: 1...16)
  func codes(_ number: Int) async throws {
    let failing = Scripted.unary("Fail") { _, _ in throw RPCError(code: StatusCode(rawValue: number), message: "no") }
    try await withServerAndClient([failing]) { client in
      let stream = try await client.call(Scripted.path("Fail"), Self.request)
      #expect(stream.status?.rawValue == number)
      #expect(stream["grpc-message"] == "no")
      #expect(stream.details?.code.rawValue == number)
    }
  }

  @Test("The message is percent-encoded, details and trailing metadata come along")
  func fullError() async throws {
    let failing = Scripted.unary("Fail") { _, context in
      context.trailingMetadata.add("y", "2")
      throw RPCError(
        code: .invalidArgument,
        message: "50% naïve\n",
        details: [
          .errorInfo(ErrorInfo(reason: "BAD", domain: "d", metadata: ["k": "v"])),
          .badRequest(BadRequest(fieldViolations: [.init(field: "f", description: "d")])),
        ],
        metadata: ["x": "1"]
      )
    }
    try await withServerAndClient([failing]) { client in
      let stream = try await client.call(Scripted.path("Fail"), Self.request)
      #expect(stream["grpc-message"] == "50%25 na%C3%AFve%0A")
      #expect(stream.details?.message == "50% naïve\n")
      #expect(stream.details?.details.count == 2)
      #expect(stream.reason == "BAD")
      #expect(stream["x"] == "1")
      #expect(stream["y"] == "2")
    }
  }

  @Test("An unknown error is UNKNOWN and leaks nothing")
  func unknownError() async throws {
    struct Secret: Error { var password = "hunter2" }
    let failing = Scripted.unary("Fail") { _, _ in throw Secret() }
    try await withServerAndClient([failing]) { client in
      let stream = try await client.call(Scripted.path("Fail"), Self.request)
      #expect(stream.status == .unknown)
      #expect(stream["grpc-message"] == nil)
      #expect(stream.reason == "HANDLER_FAILED")
      #expect(stream.details?.details == [.errorInfo(ErrorInfo(reason: "HANDLER_FAILED", domain: "rpc.patron"))])
    }
  }

  @Test("An error without a reason gets one named after its code; OK cannot be thrown")
  func reasonAlways() async throws {
    let failing = Scripted.unary("Fail") { request, _ in
      throw RPCError(code: request.text == "ok" ? .ok : .aborted)
    }
    try await withServerAndClient([failing]) { client in
      expect(try await client.reason(Scripted.path("Fail"), Self.request), is: "ABORTED")
      let thrownOK = try await client.call(Scripted.path("Fail"), TestingV1.ChatRequest(text: "ok"))
      #expect(thrownOK.status == .unknown)
    }
  }

  // MARK: Row 6, metadata

  @Test("Order and duplicates survive both ways, binary values with and without padding")
  func metadata() async throws {
    let method = Scripted.unary { _, context in
      for field in context.requestMetadata where field.key.hasPrefix("x") {
        switch field.value {
        case .string(let text): context.responseMetadata.add(field.key, text)
        case .binary(let bytes): context.trailingMetadata.add(field.key, bytes)
        }
      }
      return Scripted.Response()
    }
    try await withServerAndClient([method]) { client in
      let fields = [("x", "1"), ("xb-bin", "AQ=="), ("xa", "2"), ("x", "3"), ("xb-bin", "AgM"), ("xb-bin", "BA,BQ==")]
      let stream = try await client.call(Scripted.path("Unary"), Self.request, extra: fields)
      #expect(stream.status == .ok)
      let text = stream.blocks[0].filter { $0.name.hasPrefix("x") }.map { "\($0.name)=\($0.value)" }
      #expect(text == ["x=1", "xa=2", "x=3"])
      #expect(stream.blocks[1].filter { $0.name == "xb-bin" }.map(\.value) == ["AQ", "AgM", "BA", "BQ"])
    }
  }

  @Test("Fields the wire cannot carry are not sent")
  func unsendable() async throws {
    let method = Scripted.unary { _, context in
      context.responseMetadata = [
        "grpc-status": "13", ":status": "500", "bad name": "x", "text": "a\r\nb", "good": "y",
      ]
      return Scripted.Response()
    }
    try await withServerAndClient([method]) { client in
      let stream = try await client.call(Scripted.path("Unary"), Self.request)
      #expect(stream.blocks[0].map(\.name) == [":status", "content-type", "good"])
      #expect(stream.status == .ok)
    }
  }

  @Test("A binary value that is not base64 is refused")
  func malformedMetadata() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.call(Self.echo, Self.request, extra: [("x-bin", "!!!")])
      #expect(stream.status == .internalError)
      #expect(stream.reason == "MALFORMED_METADATA")
    }
  }
}
