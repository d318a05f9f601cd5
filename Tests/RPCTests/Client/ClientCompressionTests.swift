import Messages
import TestAPI
import Testing

@testable import RPC

@Suite("Compression on the client (row 9)", .timeLimit(.minutes(1)))
struct ClientCompressionTests {
  private static let text = String(repeating: "patron ", count: 1000)

  private static func packed(_ bytes: [UInt8]) throws -> [UInt8] {
    try #require(FrameHeader.frame(bytes).withUnsafeBytes { Gzip.pack($0, bytesMinimum: 0) })
  }

  /// Makes the headers of an answer with an encoding.
  private static func headers(_ stream: Int32, _ encoding: String) -> Frame {
    .headers(stream, [":status": "200", "content-type": "application/grpc", "grpc-encoding": encoding])
  }

  /// Returns the error of a call whose answer is this framed message with this encoding.
  private func failure(
    _ frame: [UInt8],
    encoding: String?,
    limits: ChannelLimits = .defaults
  ) async throws -> RPCError {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target, limits: limits)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    let headers = encoding.map { Self.headers(stream, $0) } ?? .responseHeaders(stream)
    connection.send(headers, .data(stream, frame), .trailers(stream))
    return try await error
  }

  @Test("every call accepts gzip, and sends none unless configured to")
  func offByDefault() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let response = fixture.client.echo(.init(text: Self.text))
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    #expect(request["grpc-accept-encoding"] == "identity,gzip")
    #expect(request["grpc-encoding"] == nil)
    #expect(request.body[0] == 0)
    connection.answer(request.stream, try TestingV1.EchoResponse.bytes("a"))
    #expect(try await response.text == "a")
  }

  @Test("a gzip answer is taken, and so is one that is not packed under grpc-encoding gzip", arguments: [true, false])
  func response(_ isPacked: Bool) async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let response = fixture.client.echo(.init())
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    let bytes = try TestingV1.EchoResponse.bytes(Self.text)
    let frame = isPacked ? try Self.packed(bytes) : framed(bytes)
    connection.send(Self.headers(stream, "gzip"), .data(stream, frame), .trailers(stream))
    #expect(try await response.text == Self.text)
  }

  @Test("a channel configured to compresses requests above the threshold and announces it only then")
  func request() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target) { $0.compression.sending = .gzip }
    async let large = fixture.client.echo(.init(text: Self.text))
    let connection = try await peer.acceptReady()
    let packed = try await connection.request()
    #expect(packed["grpc-encoding"] == "gzip")
    #expect(packed.body[0] == 1)
    let message = try Gzip.unpack(Array(packed.body.dropFirst(5)), upTo: 10_000)
    #expect(try TestingV1.EchoRequest(serializedBytes: message).text == Self.text)
    connection.answer(packed.stream)
    _ = try await large
    async let small = fixture.client.echo(.init(text: "aaaaaaaaaaaaaaaaaaaaaaaaaa"))
    let plain = try await connection.request()
    #expect(plain["grpc-encoding"] == nil)
    #expect(plain.body[0] == 0)
    connection.answer(plain.stream)
    _ = try await small
  }

  @Test("a call chooses for itself, either way")
  func override() async throws {
    for (channel, call) in [(Compression.identity, Compression.gzip), (.gzip, .identity)] {
      let peer = try await ScriptedPeer()
      let fixture = try ClientFixture(target: peer.target) { $0.compression.sending = channel }
      async let response = fixture.client.echo(.init(text: Self.text), options: .init(compression: call))
      let connection = try await peer.acceptReady()
      let request = try await connection.request()
      #expect(request.body[0] == (call == .gzip ? 1 : 0))
      connection.answer(request.stream)
      _ = try await response
    }
  }

  @Test("a channel sends no more gzip once the server has refused it")
  func refused() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target) { $0.compression.sending = .gzip }
    async let error = rpcError { try await fixture.client.echo(.init(text: Self.text)) }
    let connection = try await peer.acceptReady()
    let first = try await connection.request()
    #expect(first.body[0] == 1)
    connection.send(
      .headers(
        first.stream,
        [
          ":status": "200", "content-type": "application/grpc", "grpc-status": "12", "grpc-accept-encoding": "identity",
        ],
        endStream: true
      )
    )
    #expect(try await error.code == .unimplemented)
    async let response = fixture.client.echo(.init(text: Self.text))
    let second = try await connection.request()
    #expect(second["grpc-encoding"] == nil)
    #expect(second.body[0] == 0)
    connection.answer(second.stream)
    _ = try await response
  }

  @Test("a compressed flag without grpc-encoding is INTERNAL", arguments: [nil, "identity"])
  func flagWithoutEncoding(_ encoding: String?) async throws {
    let error = try await failure(framed([], flag: 1), encoding: encoding)
    #expect(error.code == .internalError)
    #expect(error.info?.reason == "MALFORMED_MESSAGE")
  }

  @Test("a message in an unknown encoding is INTERNAL")
  func unsupported() async throws {
    let error = try await failure(framed([], flag: 1), encoding: "zstd")
    #expect(error.code == .internalError)
    #expect(error.info?.reason == "UNSUPPORTED_ENCODING")
  }

  @Test("invalid gzip is INTERNAL")
  func notGzip() async throws {
    let error = try await failure(framed([1, 2, 3], flag: 1), encoding: "gzip")
    #expect(error.code == .internalError)
    #expect(error.info?.reason == "MALFORMED_MESSAGE")
  }

  @Test("a gzip bomb is RESOURCE_EXHAUSTED")
  func bomb() async throws {
    let bomb = try Self.packed([UInt8](repeating: 0, count: 16 << 20))
    let error = try await failure(bomb, encoding: "gzip")
    #expect(error.code == .resourceExhausted)
    #expect(error.info?.reason == "MESSAGE_TOO_LARGE")
  }

  @Test("single messages of a packed stream go as they are")
  func exceptions() async throws {
    let seen = Scripted.clientStreaming { requests, context in
      var seen: [String] = []
      for try await _ in requests { seen.append("\(context.isRequestCompressed)") }
      return .init(text: seen.joined(separator: " "))
    }
    try await withServer([seen]) { _, address in
      let channel = try ClientFixture(target: "\(address)") { $0.compression.sending = .gzip }.channel
      let call: ClientStreamingCall<Scripted.Request, Scripted.Response> = try await channel.clientStreaming(
        MethodDescriptor(service: Scripted.serviceDescriptor.fullName, name: "ClientStreaming", kind: .clientStreaming),
        options: .init()
      )
      for choice in [false, true, false] { try await call.send(.init(text: Self.text), allowsCompression: choice) }
      let response = try await call.finish()
      #expect(response.text == "false true false")
      await channel.close()
    }
  }

  @Test("a stream of packed messages flows both ways between our client and our server")
  func bothWays() async throws {
    let method = Scripted.bidirectional { requests, responses, context in
      context.compression = .gzip
      for try await request in requests { try await responses.write(.init(text: request.text)) }
    }
    try await withServer([method]) { _, address in
      let channel = try ClientFixture(target: "\(address)") { $0.compression.sending = .gzip }.channel
      let call: BidirectionalCall<Scripted.Request, Scripted.Response> = try await channel.bidirectional(
        MethodDescriptor(service: Scripted.serviceDescriptor.fullName, name: "Bidirectional", kind: .bidirectional),
        options: .init()
      )
      var responses = call.responses.makeAsyncIterator()
      for size in [10, 1000, 100_000] {
        let text = String(repeating: "x", count: size)
        try await call.send(.init(text: text))
        #expect(try await responses.next()?.text == text)
      }
      call.finishSending()
      #expect(try await responses.next() == nil)
      await channel.close()
    }
  }
}
