import Messages
import TestAPI
import Testing

@testable import RPC

@Suite("Compression on the server (row 9)", .timeLimit(.minutes(1)))
struct ServerCompressionTests {
  private static let echo = Scripted.path("Echo")
  private static let text = String(repeating: "patron ", count: 1000)
  private static let gzip = ("grpc-encoding", "gzip")
  private static let accept = ("grpc-accept-encoding", "identity, gzip")

  private static func frame(_ request: Scripted.Request) throws -> [UInt8] {
    FrameHeader.frame(try request.serializedBytes())
  }

  private static func packedFrame(_ request: Scripted.Request) throws -> [UInt8] {
    try #require(try frame(request).withUnsafeBytes { Gzip.pack($0, bytesMinimum: 0) })
  }

  private static var sendsGzip: CompressionConfiguration {
    var compression = CompressionConfiguration.defaults
    compression.sending = .gzip
    return compression
  }

  /// Returns the decompressed messages of an answer, and whether each was compressed.
  private static func answer(_ stream: WireStream) throws -> (texts: [String], packed: [Bool]) {
    let responses = try stream.frames.map { message in
      try Scripted.Response(
        serializedBytes: message.isCompressed ? Gzip.unpack(message.bytes, upTo: 1 << 20) : message.bytes
      )
    }
    return (responses.map(\.text), stream.frames.map(\.isCompressed))
  }

  @Test("a gzip request is taken, and the answer says that it may be")
  func request() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let body = try Self.packedFrame(.init(text: Self.text))
      let stream = try await client.call(WireClient.headers(Self.echo, extra: [Self.gzip]), body: body)
      #expect(stream.status == .ok)
      #expect(try Self.answer(stream).texts == [Self.text])
      #expect(stream.values("grpc-accept-encoding") == ["identity,gzip"])
    }
  }

  @Test("a message that is not packed inside a gzip call is fine, one by one")
  func mixed() async throws {
    let lengths = Scripted.clientStreaming { requests, _ in
      var texts: [String] = []
      for try await request in requests { texts.append("\(request.text.utf8.count)") }
      return .init(text: texts.joined(separator: " "))
    }
    try await withServerAndClient([lengths]) { client in
      let request = Scripted.Request(text: Self.text)
      let body = try Self.frame(request) + Self.packedFrame(request) + Self.frame(request)
      let headers = WireClient.headers(Scripted.path("ClientStreaming"), extra: [Self.gzip])
      #expect(try Self.answer(try await client.call(headers, body: body)).texts == ["7000 7000 7000"])
    }
  }

  @Test("a compressed flag without grpc-encoding is INTERNAL, and frees what was buffered")
  func flagWithoutEncoding() async throws {
    var limits = ServerLimits.defaults
    limits.bufferedRequestBytesMaximum = 10_000
    try await withServerAndClient([Scripted.echo], limits: limits) { client in
      let body = FrameHeader.frame([UInt8](repeating: 0, count: 4000), isCompressed: true)
      for encoding in [[], [("grpc-encoding", "identity")], []] {
        let stream = try await client.call(WireClient.headers(Self.echo, extra: encoding), body: body)
        #expect(stream.status == .internalError)
        #expect(stream.reason == "MALFORMED_MESSAGE")
      }
    }
  }

  @Test("invalid gzip is INTERNAL")
  func notGzip() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let body = FrameHeader.frame([1, 2, 3], isCompressed: true)
      let stream = try await client.call(WireClient.headers(Self.echo, extra: [Self.gzip]), body: body)
      #expect(stream.status == .internalError)
      #expect(stream.reason == "MALFORMED_MESSAGE")
    }
  }

  @Test("a gzip bomb is RESOURCE_EXHAUSTED, also under a method's own limit")
  func bomb() async throws {
    var limits = ServerLimits.defaults
    limits.requestBytesMaximumByMethod["patron.testing.v1.Scripted/Small"] = 10_000
    let small = Scripted.unary("Small") { _, _ in .init() }
    try await withServerAndClient([Scripted.echo, small], limits: limits) { client in
      for (path, bytes) in [(Self.echo, 64 << 20), (Scripted.path("Small"), 10_001)] {
        let body = try #require(
          FrameHeader.frame([UInt8](repeating: 0, count: bytes)).withUnsafeBytes { Gzip.pack($0, bytesMinimum: 0) }
        )
        let stream = try await client.call(WireClient.headers(path, extra: [Self.gzip]), body: body)
        #expect(stream.status == .resourceExhausted)
        #expect(stream.reason == "MESSAGE_TOO_LARGE")
      }
    }
  }

  @Test("an encoding that is not supported is UNIMPLEMENTED, and names those that are")
  func unsupported() async throws {
    try await withServerAndClient([Scripted.echo]) { client in
      let headers = WireClient.headers(Self.echo, extra: [("grpc-encoding", "zstd")])
      let stream = try await client.call(headers, body: try Self.frame(.init()))
      #expect(stream.status == .unimplemented)
      #expect(stream.reason == "UNSUPPORTED_ENCODING")
      #expect(stream.values("grpc-accept-encoding") == ["identity,gzip"])
    }
  }

  @Test("nothing is packed unless the server is configured to and the client accepts it")
  func offByDefault() async throws {
    let request = Scripted.Request(text: Self.text)
    try await withServerAndClient([Scripted.echo]) { client in
      let stream = try await client.call(Self.echo, request, extra: [Self.accept])
      #expect(try Self.answer(stream).packed == [false])
      #expect(stream["grpc-encoding"] == nil)
    }
    try await withServerAndClient([Scripted.echo], compression: Self.sendsGzip) { client in
      for extra in [[], [("grpc-accept-encoding", "identity,deflate")], [Self.gzip]] {
        let stream = try await client.call(Self.echo, request, extra: extra)
        #expect(try Self.answer(stream).packed == [false])
        #expect(stream["grpc-encoding"] == nil)
      }
    }
  }

  @Test("a server configured to compresses above the threshold, for a client that accepts it")
  func response() async throws {
    try await withServerAndClient([Scripted.echo], compression: Self.sendsGzip) { client in
      let large = try await client.call(Self.echo, Scripted.Request(text: Self.text), extra: [Self.accept])
      #expect(large["grpc-encoding"] == "gzip")
      #expect(try Self.answer(large) == ([Self.text], [true]))
      #expect(large.data.count < 1000)
      let small = try await client.call(
        Self.echo,
        Scripted.Request(text: "aaaaaaaaaaaaaaaaaaaaaa"),
        extra: [Self.accept]
      )
      #expect(try Self.answer(small).packed == [false])
    }
  }

  @Test("the content type with +proto is kept with gzip")
  func contentType() async throws {
    try await withServerAndClient([Scripted.echo], compression: Self.sendsGzip) { client in
      let headers = WireClient.headers(Self.echo, contentType: "application/grpc+proto", extra: [Self.accept])
      let stream = try await client.call(headers, body: try Self.frame(.init(text: Self.text)))
      #expect(stream["content-type"] == "application/grpc+proto")
      #expect(stream["grpc-encoding"] == "gzip")
    }
  }

  @Test("a handler chooses for its call, either way")
  func override() async throws {
    let on = Scripted.unary("On") { _, context in
      context.compression = .gzip
      return .init(text: Self.text)
    }
    let off = Scripted.unary("Off") { _, context in
      context.compression = .identity
      return .init(text: Self.text)
    }
    try await withServerAndClient([on]) { client in
      let stream = try await client.call(Scripted.path("On"), Scripted.Request(), extra: [Self.accept])
      #expect(try Self.answer(stream) == ([Self.text], [true]))
      let refused = try await client.call(Scripted.path("On"), Scripted.Request())
      #expect(try Self.answer(refused).packed == [false])
    }
    try await withServerAndClient([off], compression: Self.sendsGzip) { client in
      let stream = try await client.call(Scripted.path("Off"), Scripted.Request(), extra: [Self.accept])
      #expect(try Self.answer(stream).packed == [false])
      #expect(stream["grpc-encoding"] == nil)
    }
  }

  @Test("a handler turns compression off for the messages that follow; on is too late after the first")
  func perMessage() async throws {
    let method = Scripted.serverStreaming { request, responses, context in
      let choices: [Compression] = request.text == "off" ? [.gzip, .identity, .gzip] : [.identity, .gzip]
      for choice in choices {
        context.compression = choice
        try await responses.write(.init(text: Self.text))
      }
    }
    try await withServerAndClient([method]) { client in
      let path = Scripted.path("ServerStreaming")
      let off = try await client.call(path, Scripted.Request(text: "off"), extra: [Self.accept])
      #expect(try Self.answer(off).packed == [true, false, true])
      let late = try await client.call(path, Scripted.Request(text: "late"), extra: [Self.accept])
      #expect(try Self.answer(late).packed == [false, false])
      #expect(late["grpc-encoding"] == nil)
    }
  }

  @Test("a handler sees of each request whether it came packed")
  func seen() async throws {
    let method = Scripted.clientStreaming { requests, context in
      var seen: [String] = []
      for try await _ in requests { seen.append("\(context.isRequestCompressed)") }
      return .init(text: seen.joined(separator: " "))
    }
    try await withServerAndClient([method]) { client in
      let request = Scripted.Request(text: Self.text)
      let body = try Self.frame(request) + Self.packedFrame(request) + Self.frame(request)
      let headers = WireClient.headers(Scripted.path("ClientStreaming"), extra: [Self.gzip])
      #expect(try Self.answer(try await client.call(headers, body: body)).texts == ["false true false"])
    }
  }

  @Test(
    "single messages go as they are in a call that announced gzip, the first too, and with a writer that waits",
    arguments: [1, ServerLimits.defaults.streamOutboundBytesMaximum]
  )
  func exceptions(streamOutboundBytesMaximum: Int) async throws {
    var limits = ServerLimits.defaults
    limits.streamOutboundBytesMaximum = streamOutboundBytesMaximum
    let choices = [false, true, false, false, true]
    let method = Scripted.serverStreaming { _, responses, context in
      context.compression = .gzip
      for choice in choices { try await responses.write(.init(text: Self.text), allowsCompression: choice) }
    }
    try await withServerAndClient([method], limits: limits) { client in
      let path = Scripted.path("ServerStreaming")
      let stream = try await client.call(path, Scripted.Request(), extra: [Self.accept])
      #expect(stream["grpc-encoding"] == "gzip")
      #expect(try Self.answer(stream).packed == choices)
      let plain = try await client.call(path, Scripted.Request())
      #expect(try Self.answer(plain).packed == choices.map { _ in false })
    }
  }

  @Test("a writer that waited for room packs its message too")
  func waitingWriter() async throws {
    var limits = ServerLimits.defaults
    limits.streamOutboundBytesMaximum = 1
    let method = Scripted.serverStreaming { _, responses, _ in
      for _ in 0..<5 { try await responses.write(.init(text: Self.text)) }
    }
    try await withServerAndClient([method], limits: limits, compression: Self.sendsGzip) { client in
      let path = Scripted.path("ServerStreaming")
      let stream = try await client.call(path, Scripted.Request(), extra: [Self.accept])
      #expect(try Self.answer(stream).packed == [true, true, true, true, true])
    }
  }
}
