import Messages
import TestAPI
import Testing

@testable import RPC

@Suite("GOAWAY and refused streams lose no call", .timeLimit(.minutes(1)))
struct DrainTests {
  private let refusedStream: UInt32 = 7

  @Test("calls above the last stream of a GOAWAY run again on a new connection, those below it end on the old one")
  func goAway() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let first = fixture.client.echo(.init(text: "first"))
    let old = try await peer.acceptReady()
    let processed = try await old.request()
    async let second = fixture.client.echo(.init(text: "second"))
    let unprocessed = try await old.request()
    old.send(.goAway(lastStream: processed.stream))
    let new = try await peer.acceptReady()
    let again = try await new.request()
    #expect(again.body == unprocessed.body)
    new.answer(again.stream, try TestingV1.EchoResponse.bytes("from the new one"))
    #expect(try await second.text == "from the new one")
    old.answer(processed.stream, try TestingV1.EchoResponse.bytes("from the old one"))
    #expect(try await first.text == "from the old one")
    // With its last call gone the old connection is closed.
    while await old.next() != nil {}
  }

  @Test("a graceful drain in two GOAWAYs serves what was sent in between")
  func twoGoAways() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let first = fixture.client.echo(.init(text: "first"))
    let old = try await peer.acceptReady()
    let running = try await old.request()
    old.send(.goAway(lastStream: .max))
    try await old.roundTrip()
    async let second = fixture.client.echo(.init(text: "second"), options: .init(waitForReady: true))
    let new = try await peer.acceptReady()
    new.answer(try await new.request().stream, try TestingV1.EchoResponse.bytes("2"))
    #expect(try await second.text == "2")
    old.send(.goAway(lastStream: running.stream))
    old.answer(running.stream, try TestingV1.EchoResponse.bytes("1"))
    #expect(try await first.text == "1")
  }

  @Test("a refused call is sent once more without its caller noticing")
  func refusedOnce() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let recorder = CallRecorder()
    async let response = fixture.client.echo(.init(text: "x"), options: .init(observers: [recorder]))
    let connection = try await peer.acceptReady()
    connection.send(.reset(try await connection.request().stream, refusedStream))
    connection.answer(try await connection.request().stream, try TestingV1.EchoResponse.bytes("second time"))
    #expect(try await response.text == "second time")
    #expect(recorder.attempts == 2)
    #expect(recorder.attemptSummaries.map(\.status) == [.unavailable, .ok])
    #expect(recorder.summary?.attempts == 2)
  }

  @Test("a call refused twice is UNAVAILABLE")
  func refusedTwice() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    for _ in 0..<2 { connection.send(.reset(try await connection.request().stream, refusedStream)) }
    #expect(try await error.code == .unavailable)
  }

  @Test("a call is not sent again once its answer began")
  func refusedAfterHeaders() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let recorder = CallRecorder()
    async let error = rpcError { try await fixture.client.echo(.init(), options: .init(observers: [recorder])) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .reset(stream, refusedStream))
    #expect(try await error.code == .unavailable)
    #expect(recorder.attempts == 1)
  }

  @Test("the messages of a streaming request are sent again")
  func refusedStreaming() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    let call = try await fixture.client.collect()
    try await call.send(.init(text: "a"))
    try await call.send(.init(text: "b"))
    let connection = try await peer.acceptReady()
    let first = try await connection.next(Frame.Kind.headers)
    connection.send(.reset(first.stream, refusedStream))
    let second = try await connection.next(Frame.Kind.headers)
    #expect(second.stream > first.stream)
    async let response = call.finish()
    var body: [UInt8] = []
    while true {
      let data = try await connection.next(Frame.Kind.data, stream: second.stream)
      body += data.payload
      if data.endsStream { break }
    }
    let expected = try ["a", "b"].flatMap { framed(try TestingV1.CollectRequest(text: $0).serializedBytes()) }
    #expect(body == expected)
    connection.answer(second.stream, try TestingV1.CollectResponse(text: "ab").serializedBytes())
    #expect(try await response.text == "ab")
  }

  @Test("the reason of a GOAWAY with an error reaches the calls that it ends")
  func goAwayReason() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.goAway(lastStream: stream, code: 11, text: "too_many_pings"))
    connection.close()
    #expect(try await error.code == .unavailable)
    #expect(try await error.message.contains("ENHANCE_YOUR_CALM (too_many_pings)"))
  }

  @Test("closing a channel lets running calls end, refuses new ones and closes the connections")
  func closes() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target)
    async let response = fixture.client.echo(.init())
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    async let closed: Void = fixture.channel.close()
    while true {
      let error = try await rpcError {
        try await fixture.client.echo(.init(), options: .init(timeout: .milliseconds(5)))
      }
      if error.info?.reason == "SHUTTING_DOWN" { break }
    }
    connection.answer(stream, try TestingV1.EchoResponse.bytes("still"))
    #expect(try await response.text == "still")
    await closed
    while await connection.next() != nil {}
  }

  @Test("what still runs when the grace is over is cancelled")
  func closesHard() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target) { $0.closeGrace = .milliseconds(10) }
    async let error = rpcError { try await fixture.client.echo(.init()) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    await fixture.channel.close()
    #expect(try await error.code == .unavailable)
    #expect(try await connection.next(Frame.Kind.resetStream, stream: stream).number == 8)
  }

  @Test("a released channel closes its connections when its calls have ended")
  func dropped() async throws {
    let peer = try await ScriptedPeer()
    let response = Task {
      let fixture = try ClientFixture(target: peer.target)
      return try await fixture.client.echo(.init()).text
    }
    let connection = try await peer.acceptReady()
    connection.answer(try await connection.request().stream, try TestingV1.EchoResponse.bytes("bye"))
    #expect(try await response.value == "bye")
    while await connection.next() != nil {}
  }
}
