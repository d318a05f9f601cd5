import Messages
import NIOCore
import TestAPI
import Testing

@testable import RPC

@Suite("Unary calls on the wire", .timeLimit(.minutes(1)))
struct UnaryCallTests {
  @Test("the request is what PROTOCOL-HTTP2 demands")
  func requestHeaders() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target) { $0.userAgent = "till/2" }
    async let response = fixture.client.echo(.init(text: "hello"))
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    #expect(request[":method"] == "POST")
    #expect(request[":scheme"] == "http")
    #expect(request[":path"] == "/patron.testing.v1.EchoService/Echo")
    #expect(request[":authority"] == peer.authority)
    #expect(request["te"] == "trailers")
    #expect(request["content-type"] == "application/grpc")
    #expect(request["user-agent"]?.hasPrefix("till/2 grpc-") == true)
    #expect(request["grpc-timeout"] == nil)
    let names = request.fields.map(\.name)
    #expect(names.prefix(4).allSatisfy { $0.hasPrefix(":") }, "pseudo-header fields come first")
    #expect(request.body == framed(try TestingV1.EchoRequest(text: "hello").serializedBytes()))
    connection.answer(request.stream, try TestingV1.EchoResponse.bytes("world"))
    #expect(try await response.text == "world")
  }

  @Test("nothing connects before the first call")
  func lazy() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    await peer.close()
    let error = try await rpcError { try await fixture.client.echo(.init()) }
    #expect(error.code == .unavailable)
  }

  @Test("a message may be split anywhere over DATA frames")
  func splitMessage() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let response = fixture.client.echo(.init())
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream))
    for byte in framed(try TestingV1.EchoResponse.bytes("in pieces")) { connection.send(.data(stream, [byte])) }
    connection.send(.trailers(stream))
    #expect(try await response.text == "in pieces")
  }

  @Test("metadata that cannot be sent is RESOURCE_EXHAUSTED at once, and the connection continues")
  func largeMetadata() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let metadata: Metadata = ["x": .string(String(repeating: "x", count: 70_000))]
    async let error = rpcError { try await fixture.client.echo(.init(), options: CallOptions(metadata: metadata)) }
    let connection = try await peer.acceptReady()
    #expect(try await error.code == .resourceExhausted)
    #expect(try await error.info?.reason == "METADATA_TOO_LARGE")
    async let response = fixture.client.echo(.init())
    connection.answer(try await connection.request().stream, try TestingV1.EchoResponse.bytes("world"))
    #expect(try await response.text == "world")
  }

  @Test("a response over the limit is RESOURCE_EXHAUSTED as soon as its length is known")
  func largeResponse() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .data(stream, [0] + bigEndian(4 << 20 + 1)))
    #expect(try await error.code == .resourceExhausted)
    #expect(try await error.info?.reason == "MESSAGE_TOO_LARGE")
    #expect(try await connection.next(Frame.Kind.resetStream, stream: stream).number == 8)
  }

  @Test("the limit on a response can be set for one call")
  func limitOfOneCall() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init(), options: .init(responseBytesMaximum: 10)) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.answer(stream, [UInt8](repeating: 0, count: 11))
    #expect(try await error.code == .resourceExhausted)
  }

  @Test("a request over the limit is RESOURCE_EXHAUSTED and never sent")
  func largeRequest() async throws {
    let fixture = try ClientFixture(target: "ipv4:127.0.0.1:1")
    let request = TestingV1.EchoRequest(payload: [UInt8](repeating: 0, count: 100))
    let error = try await rpcError { try await fixture.client.echo(request, options: .init(requestBytesMaximum: 50)) }
    #expect(error.code == .resourceExhausted)
  }

  @Test("a broken frame flag is INTERNAL")
  func brokenFlag() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .data(stream, framed([], flag: 2)))
    #expect(try await error.code == .internalError)
  }

  @Test("a message that is not the response type is INTERNAL")
  func garbageMessage() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    connection.answer(try await connection.request().stream, [0xff, 0xff, 0xff])
    #expect(try await error.code == .internalError)
  }

  @Test("response headers beyond 16 KiB are refused")
  func largeHeaders() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    let status = [Frame.Field(name: ":status", value: "200")]
    // 33 bytes each by the rule of RFC 9113, 4 bytes on the wire.
    connection.send(.headers(stream, status + [Frame.Field](repeating: .init(name: "a", value: ""), count: 500)))
    #expect(try await error.code == .resourceExhausted)
    #expect(try await error.info?.reason == "METADATA_TOO_LARGE")
    #expect(try await connection.next(Frame.Kind.resetStream, stream: stream).number == 8)
  }

  @Test("metadata goes both ways in order, with duplicates and binary values")
  func metadata() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let recorder = CallRecorder()
    var metadata = Metadata()
    metadata.add("a", "1")
    metadata.add("b-bin", [0, 255])
    metadata.add("a", "2")
    metadata.add("grpc-reserved", "never sent")
    let options = CallOptions(metadata: metadata, observers: [recorder])
    async let response = fixture.client.echo(.init(), options: options)
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    #expect(request.values("a") == ["1", "2"])
    #expect(request["b-bin"] == "AP8")
    #expect(request["grpc-reserved"] == nil)
    connection.send(
      .headers(
        request.stream,
        [":status": "200", "content-type": "application/grpc", "c": "3", "d-bin": "AP8=", "c": "4"]
      ),
      .data(request.stream, framed([])),
      .headers(request.stream, ["grpc-status": "0", "e": "5"], endStream: true)
    )
    _ = try await response
    #expect(recorder.headers?.map(\.key) == ["c", "d-bin", "c"])
    #expect(recorder.headers?[binary: "d-bin"] == [0, 255])
    #expect(recorder.summary?.trailers["e"] == "5")
  }

  @Test("an error carries code, message, details and metadata")
  func errorStatus() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    let violation = BadRequest.FieldViolation(field: "phone", description: "too short")
    let details = StatusDetails(
      code: .invalidArgument,
      message: "bad",
      details: [
        .errorInfo(ErrorInfo(reason: "BAD_PHONE", domain: "members")),
        .badRequest(BadRequest(fieldViolations: [violation])),
      ]
    )
    connection.send(
      .headers(
        stream,
        [
          ":status": "200", "content-type": "application/grpc", "grpc-status": "3", "grpc-message": "b%C3%A4d%0A",
          "grpc-status-details-bin": String(decoding: BinaryMetadata.encode(details.serialized), as: UTF8.self),
          "x": "y",
        ],
        endStream: true
      )
    )
    let thrown = try await error
    #expect(thrown.code == .invalidArgument)
    #expect(thrown.message == "bäd\n")
    #expect(thrown.info?.reason == "BAD_PHONE")
    #expect(thrown.details.contains(.badRequest(BadRequest(fieldViolations: [violation]))))
    #expect(thrown.metadata["x"] == "y")
  }

  @Test("an HTTP error of a proxy maps to its status")
  func proxyError() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(
      .headers(stream, [":status": "503", "content-type": "text/html"]),
      .data(stream, Array("<h1>".utf8), endStream: true)
    )
    #expect(try await error.code == .unavailable)
    #expect(try await error.info?.metadata["http_status"] == "503")
  }

  @Test("none or two messages where one is due are INTERNAL (row 1)", arguments: [0, 2])
  func cardinality(_ count: Int) async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream))
    for _ in 0..<count { connection.send(.data(stream, framed([]))) }
    connection.send(.trailers(stream))
    #expect(try await error.code == .internalError)
    #expect(try await error.info?.reason == "WRONG_CARDINALITY")
  }

  @Test("END_STREAM without trailers is INTERNAL")
  func noTrailers() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .data(stream, framed([]), endStream: true))
    #expect(try await error.code == .internalError)
  }

  @Test("an answer that comes before the request was sent is taken, and the rest of the request is not sent")
  func earlyAnswer() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    // Larger than the window of 65,535 bytes that a peer grants at first.
    async let error = rpcError { try await fixture.client.echo(.init(payload: [UInt8](repeating: 1, count: 1 << 20))) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.next(Frame.Kind.headers).stream
    connection.send(.trailersOnly(stream, status: 16, message: "who are you"))
    #expect(try await error.code == .unauthenticated)
    #expect(try await connection.next(Frame.Kind.resetStream, stream: stream).number == 8)
  }

  @Test("a unix domain socket serves as target")
  func unixSocket() async throws {
    let path = "/tmp/patron-client-\(UInt64.random(in: 0 ... .max)).sock"
    let peer = try await ScriptedPeer(unixSocket: path)
    let fixture = try ClientFixture(target: "unix:\(path)")
    async let response = fixture.client.echo(.init())
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    #expect(request[":authority"] == "localhost")
    connection.answer(request.stream, try TestingV1.EchoResponse.bytes("local"))
    #expect(try await response.text == "local")
    await peer.close()
  }

  @Test("a host name serves as target")
  func hostName() async throws {
    let peer = try await ScriptedPeer(at: SocketAddress(ipAddress: "127.0.0.1", port: 0))
    let fixture = try ClientFixture(target: "dns:///localhost:\(peer.port)")
    async let response = fixture.client.echo(.init())
    let connection = try await peer.acceptReady()
    connection.answer(try await connection.request().stream, try TestingV1.EchoResponse.bytes("found"))
    #expect(try await response.text == "found")
  }

  @Test("a host name that does not exist is UNAVAILABLE")
  func unknownHost() async throws {
    let fixture = try ClientFixture(target: "no-such-host.invalid:1")
    #expect(try await rpcError { try await fixture.client.echo(.init()) }.code == .unavailable)
  }
}
