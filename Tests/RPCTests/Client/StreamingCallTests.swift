import Messages
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Streaming calls on the wire", .timeLimit(.minutes(1)))
struct StreamingCallTests {
  @Test("responses arrive in order, then the stream ends")
  func order() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let responses = try await fixture.client.expand(.init())
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.headers(stream, [":status": "200", "content-type": "application/grpc", "a": "b"]))
    for index in 0..<100 { connection.send(.data(stream, try TestingV1.ExpandResponse.frame(Int32(index)))) }
    connection.send(.headers(stream, ["grpc-status": "0", "c": "d"], endStream: true))
    #expect(await responses.metadata["a"] == "b")
    var indices: [Int32] = []
    for try await response in responses { indices.append(response.index) }
    #expect(indices == Array(0..<100))
    #expect(responses.trailingMetadata?["c"] == "d")
  }

  @Test("messages that came before an error status are delivered before it is thrown")
  func errorAfterMessages() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let responses = try await fixture.client.expand(.init())
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(
      .responseHeaders(stream),
      .data(stream, try TestingV1.ExpandResponse.frame(1)),
      .trailers(stream, status: 10, message: "changed")
    )
    var indices: [Int32] = []
    let error = try await rpcError { for try await response in responses { indices.append(response.index) } }
    #expect(indices == [1])
    #expect(error.code == .aborted)
  }

  @Test("a stream that was read to its end stays at its end")
  func pastTheEnd() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    var iterator = try await fixture.client.expand(.init()).makeAsyncIterator()
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .trailers(stream))
    #expect(try await iterator.next() == nil)
    #expect(try await iterator.next() == nil)
  }

  @Test("a stream that threw its status is at its end")
  func pastTheError() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    var iterator = try await fixture.client.expand(.init()).makeAsyncIterator()
    let connection = try await peer.acceptReady()
    connection.send(.trailersOnly(try await connection.request().stream, status: 13))
    do {
      _ = try await iterator.next()
      Issue.record("the stream did not throw")
    } catch let error as RPCError {
      #expect(error.code == .internalError)
    }
    #expect(try await iterator.next() == nil)
  }

  @Test("the server gets credit only for messages that were taken")
  func flowControl() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target, limits: ChannelLimits(receivedStreamBytes: 4096))
    var iterator = try await fixture.client.expand(.init()).makeAsyncIterator()
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    let frames = try (0..<4).map { try TestingV1.ExpandResponse.frame(Int32($0), payloadBytes: 1000) }
    connection.send(.responseHeaders(stream))
    for frame in frames { connection.send(.data(stream, frame)) }
    try await connection.roundTrip()
    #expect(!connection.hasPassedOver(Frame.Kind.windowUpdate, stream: stream))
    for _ in 0..<4 { _ = try await iterator.next() }
    async let fifth = iterator.next()
    let credit = try await connection.next(Frame.Kind.windowUpdate, stream: stream).number
    #expect(credit == frames.reduce(0) { $0 + UInt32($1.count) })
    connection.send(.data(stream, frames[0]), .trailers(stream))
    #expect(try await fifth?.index == 0)
  }

  @Test("a message larger than the window arrives")
  func largerThanWindow() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target, limits: ChannelLimits(receivedStreamBytes: 4096))
    var iterator = try await fixture.client.expand(.init()).makeAsyncIterator()
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream))
    var rest = try TestingV1.ExpandResponse.frame(3, payloadBytes: 100_000)[...]
    var window = 4096
    while !rest.isEmpty {
      if window == 0 { window += Int(try await connection.next(Frame.Kind.windowUpdate, stream: stream).number) }
      let count = min(window, rest.count)
      connection.send(.data(stream, Array(rest.prefix(count))))
      rest = rest.dropFirst(count)
      window -= count
    }
    connection.send(.trailers(stream))
    #expect(try await iterator.next()?.payload.count == 100_000)
  }

  @Test("a slow stream does not hold up another call of its connection")
  func slowStream() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let responses = try await fixture.client.expand(.init())
    let connection = try await peer.acceptReady()
    let slow = try await connection.request().stream
    connection.send(.responseHeaders(slow))
    // All that the stream's window allows, without a reader.
    for index in 0..<15 {
      connection.send(.data(slow, try TestingV1.ExpandResponse.frame(Int32(index), payloadBytes: 16_000)))
    }
    async let response = fixture.client.echo(.init())
    connection.answer(try await connection.request().stream, try TestingV1.EchoResponse.bytes("quick"))
    #expect(try await response.text == "quick")
    _ = responses
  }

  @Test("client streaming sends every message and gets one answer")
  func clientStreaming() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let call = try await fixture.client.collect()
    for text in ["a", "b", "c"] { try await call.send(.init(text: text)) }
    async let response = call.finish()
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    let expected = try ["a", "b", "c"].flatMap { framed(try TestingV1.CollectRequest(text: $0).serializedBytes()) }
    #expect(request.body == expected)
    connection.answer(request.stream, try TestingV1.CollectResponse(text: "abc", count: 3).serializedBytes())
    #expect(try await response.count == 3)
  }

  @Test("a client-streaming call whose answer fails after its message throws the status")
  func failureAfterMessage() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let call = try await fixture.client.collect()
    async let error = rpcError { try await call.finish() }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .data(stream, framed([])), .trailers(stream, status: 9))
    #expect(try await error.code == .failedPrecondition)
  }

  @Test("bidirectional messages flow independently")
  func bidirectional() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let call = try await fixture.client.chat()
    var responses = call.responses.makeAsyncIterator()
    let connection = try await peer.acceptReady()
    let stream = try await connection.next(Frame.Kind.headers).stream
    connection.send(.responseHeaders(stream))
    for text in ["one", "two"] {
      try await call.send(.init(text: text))
      let data = try await connection.next(Frame.Kind.data, stream: stream)
      #expect(data.payload == framed(try TestingV1.ChatRequest(text: text).serializedBytes()))
      connection.send(.data(stream, framed(try TestingV1.ChatResponse(text: text).serializedBytes())))
      #expect(try await responses.next()?.text == text)
    }
    call.finishSending()
    #expect(try await connection.next(Frame.Kind.data, stream: stream).endsStream)
    connection.send(.trailers(stream))
    #expect(try await responses.next() == nil)
  }

  @Test("a writer waits while the peer grants no window")
  func writerWaits() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let call = try await fixture.client.chat()
    let sent = Mutex(0)
    let writer = Task {
      for _ in 0..<200 {
        try await call.send(.init(payload: [UInt8](repeating: 0, count: 1000)))
        sent.withLock { $0 += 1 }
      }
    }
    let connection = try await peer.acceptReady()
    let stream = try await connection.next(Frame.Kind.headers).stream
    var received = 0
    while received < 65_535 { received += try await connection.next(Frame.Kind.data, stream: stream).payload.count }
    // The window of 65,535 bytes is exhausted: the client has at most the budget of 64 KiB and one message.
    #expect(sent.withLock { $0 } <= 132)
    connection.send(.windowUpdate(0, 1 << 20), .windowUpdate(stream, 1 << 20))
    while received < 200 * 1000 { received += try await connection.next(Frame.Kind.data, stream: stream).payload.count }
    try await writer.value
    connection.send(.trailersOnly(stream, status: 0))
  }

  @Test("a writer that waits is released when the call fails, and sending again throws the status")
  func writerReleased() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let call = try await fixture.client.chat()
    let writer = Task {
      try await rpcError { while true { try await call.send(.init(payload: [UInt8](repeating: 0, count: 1000))) } }
    }
    let connection = try await peer.acceptReady()
    let stream = try await connection.next(Frame.Kind.headers).stream
    var received = 0
    while received < 65_535 { received += try await connection.next(Frame.Kind.data, stream: stream).payload.count }
    connection.send(.trailersOnly(stream, status: 8, message: "enough"))
    #expect(try await writer.value.code == .resourceExhausted)
  }
}
