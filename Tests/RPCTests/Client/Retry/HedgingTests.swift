import Messages
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Hedged calls (gRFC A6)", .timeLimit(.minutes(1)))
struct HedgingTests {
  private let recorder = CallRecorder()
  private let cancelCode: UInt32 = 8

  private var options: CallOptions { CallOptions(observers: [recorder]) }

  private func fixture(
    _ peer: ScriptedPeer,
    _ config: ServiceConfig,
    configure: (inout ChannelConfiguration) -> Void = { _ in }
  ) throws -> ClientFixture {
    try ClientFixture(target: peer.target) { configuration in
      configuration.serviceConfig = config
      configure(&configuration)
    }
  }

  @Test("the call is sent several times, the first answer counts, and the others are cancelled")
  func firstAnswer() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(delay: "0.001s"))
    async let response = fixture.client.echo(.init(text: "x"), options: options)
    let connection = try await peer.acceptReady()
    let requests = try await connection.requests(3)
    #expect(requests.map(\.previousAttempts) == [nil, "1", "2"])
    #expect(Set(requests.map(\.body)).count == 1)
    connection.send(.responseHeaders(requests[1].stream))
    for loser in [requests[0], requests[2]] {
      #expect(try await connection.next(Frame.Kind.resetStream, stream: loser.stream).number == cancelCode)
    }
    let answer = framed(try TestingV1.EchoResponse.bytes("second"))
    connection.send(.data(requests[1].stream, answer), .trailers(requests[1].stream))
    #expect(try await response.text == "second")
    #expect(recorder.attemptSummaries.map(\.status) == [.cancelled, .cancelled, .ok])
    #expect(recorder.summary?.attempts == 3)
  }

  @Test("an answer before the delay is over leaves it at one attempt")
  func answerInTime() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(delay: "1000s"))
    async let response = fixture.client.echo(.init(), options: options)
    let connection = try await peer.acceptReady()
    connection.answer(try await connection.request().stream)
    _ = try await response
    #expect(recorder.attempts == 1)
  }

  @Test("a status that is not fatal brings the next attempt without delay, and the last failure is the call's")
  func nonFatal() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(delay: "1000s"))
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    for message in ["1", "2", "3"] {
      let stream = try await connection.request().stream
      connection.send(.trailersOnly(stream, status: 14, message: message))
    }
    #expect(try await error.message == "3")
    #expect(recorder.attempts == 3)
  }

  @Test("a fatal status ends the call, and the other attempts are cancelled")
  func fatal() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(attempts: 2))
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    let requests = try await connection.requests(2)
    connection.fail(requests[1].stream, status: .permissionDenied)
    #expect(try await connection.next(Frame.Kind.resetStream, stream: requests[0].stream).number == cancelCode)
    #expect(try await error.code == .permissionDenied)
  }

  @Test("the failure of one attempt leaves the call to the others")
  func oneFails() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(attempts: 2))
    async let response = fixture.client.echo(.init(), options: options)
    let connection = try await peer.acceptReady()
    let requests = try await connection.requests(2)
    connection.fail(requests[0].stream)
    connection.answer(requests[1].stream, try TestingV1.EchoResponse.bytes("the other"))
    #expect(try await response.text == "the other")
  }

  @Test("pushback moves the next attempt, forwards too")
  func pushback() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(delay: "1000s"))
    async let response = fixture.client.echo(.init(), options: options)
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.request().stream, pushback: "1")
    let second = try await connection.request()
    #expect(second.previousAttempts == "1")
    connection.answer(second.stream)
    _ = try await response
  }

  @Test("a server that asks for no repetition gets none")
  func pushbackStops() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(delay: "1000s"))
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.request().stream, pushback: "-1")
    #expect(try await error.code == .unavailable)
    #expect(recorder.attempts == 1)
  }

  @Test("while failures are throttled a call is sent once")
  func throttled() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(delay: "1000s", throttling: #"{"maxTokens": 2, "tokenRatio": 0.001}"#))
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.request().stream)
    #expect(try await error.code == .unavailable)
    #expect(recorder.attempts == 1)
  }

  @Test("a refused attempt is made again and does not count")
  func refused() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(attempts: 2, delay: "1000s"))
    async let response = fixture.client.echo(.init(), options: options)
    let connection = try await peer.acceptReady()
    connection.send(.reset(try await connection.request().stream, 7))
    let again = try await connection.request()
    #expect(again.previousAttempts == nil)
    connection.fail(again.stream)
    let second = try await connection.request()
    #expect(second.previousAttempts == "1")
    connection.answer(second.stream)
    _ = try await response
  }

  @Test("cancelling the call resets all its streams")
  func cancelled() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging())
    let task = Task { try await rpcError { try await fixture.client.echo(.init()) } }
    let connection = try await peer.acceptReady()
    let requests = try await connection.requests(3)
    task.cancel()
    for request in requests {
      #expect(try await connection.next(Frame.Kind.resetStream, stream: request.stream).number == cancelCode)
    }
    #expect(try await task.value.code == .cancelled)
  }

  @Test("an attempt that waits for a place is given up when another is answered")
  func waitsForPlace() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(attempts: 2))
    async let response = fixture.client.echo(.init(text: "hedged"), options: options)
    let connection = try await peer.acceptReady(maxConcurrentStreams: 1)
    let request = try await connection.request()
    try await connection.roundTrip()
    connection.answer(request.stream, try TestingV1.EchoResponse.bytes("one place"))
    #expect(try await response.text == "one place")
    async let next = fixture.client.echo(.init(text: "next"))
    let second = try await connection.request()
    #expect(second.previousAttempts == nil)
    #expect(second.body != request.body)
    connection.answer(second.stream)
    _ = try await next
    #expect(recorder.attempts == 1)
  }

  @Test("a lost connection takes all its attempts along, and the next begins on another")
  func lostConnection() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(attempts: 4, delay: "1000s"))
    async let response = fixture.client.echo(.init(), options: options)
    let first = try await peer.acceptReady()
    first.fail(try await first.request().stream)
    _ = try await first.request()
    first.close()
    let second = try await peer.acceptReady()
    let request = try await second.request()
    #expect(request.previousAttempts == "2")
    second.answer(request.stream, try TestingV1.EchoResponse.bytes("elsewhere"))
    #expect(try await response.text == "elsewhere")
  }

  /// Makes a hedged call whose second attempt waits for the only connection.
  private func crowded(
    _ peer: ScriptedPeer,
    _ fixture: ClientFixture
  ) async throws -> (Task<String, any Error>, ScriptedConnection, stream: Int32) {
    let options = options
    let task = Task { try await fixture.client.echo(.init(), options: options).text }
    let connection = try await peer.acceptReady(maxConcurrentStreams: 1)
    let stream = try await connection.request().stream
    try await connection.roundTrip()
    return (task, connection, stream)
  }

  @Test("an attempt that waits for a place is given up as soon as another begins to be answered")
  func waitsInVain() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging())
    let (response, connection, stream) = try await crowded(peer, fixture)
    connection.send(.responseHeaders(stream))
    try await connection.roundTrip()
    connection.send(.settings(maxConcurrentStreams: 10))
    try await connection.roundTrip()
    #expect(recorder.attempts == 1)
    connection.send(.data(stream, framed(try TestingV1.EchoResponse.bytes("the only one"))), .trailers(stream))
    #expect(try await response.value == "the only one")
  }

  @Test("an attempt for which there is no connection leaves the call to the one that runs")
  func noConnection() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging())
    let (response, connection, stream) = try await crowded(peer, fixture)
    await peer.close()
    connection.send(.goAway(lastStream: stream))
    #expect(try await rpcError { try await fixture.client.echo(.init()) }.code == .unavailable)
    connection.answer(stream, try TestingV1.EchoResponse.bytes("still there"))
    #expect(try await response.value == "still there")
    #expect(recorder.attempts == 1)
  }

  @Test("closing the channel gives up waiting attempts, not the calls that run")
  func closing() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging()) { $0.closeGrace = .seconds(1000) }
    let (response, connection, stream) = try await crowded(peer, fixture)
    async let closed: Void = fixture.channel.close()
    while true {
      let error = try await rpcError {
        try await fixture.client.echo(.init(), options: .init(timeout: .milliseconds(5)))
      }
      if error.info?.reason == "SHUTTING_DOWN" { break }
    }
    connection.answer(stream, try TestingV1.EchoResponse.bytes("the last"))
    #expect(try await response.value == "the last")
    await closed
    #expect(recorder.attempts == 1)
  }

  @Test("every message of a stream of requests goes to all attempts")
  func streaming() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(attempts: 2))
    let call = try await fixture.client.collect()
    try await call.send(.init(text: "a"))
    let connection = try await peer.acceptReady()
    let streams = [
      try await connection.next(Frame.Kind.headers).stream, try await connection.next(Frame.Kind.headers).stream,
    ]
    try await call.send(.init(text: "b"))
    async let response = call.finish()
    let expected = try ["a", "b"].flatMap { framed(try TestingV1.CollectRequest(text: $0).serializedBytes()) }
    for stream in streams {
      var body: [UInt8] = []
      var isComplete = false
      while !isComplete {
        let data = try await connection.next(Frame.Kind.data, stream: stream)
        body += data.payload
        isComplete = data.endsStream
      }
      #expect(body == expected)
    }
    connection.answer(streams[1], try TestingV1.CollectResponse(text: "ab").serializedBytes())
    #expect(try await response.text == "ab")
  }

  @Test("a stream of requests that exceeds the replay limit continues as one")
  func streamingTooLarge() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .hedging(attempts: 2)) { $0.limits.replayBytes = 100 }
    let call = try await fixture.client.collect(options: options)
    let connection = try await peer.acceptReady()
    let first = try await connection.next(Frame.Kind.headers).stream
    let second = try await connection.next(Frame.Kind.headers).stream
    try await call.send(.init(text: String(repeating: "x", count: 200)))
    #expect(try await connection.next(Frame.Kind.resetStream, stream: second).number == cancelCode)
    async let response = call.finish()
    var isComplete = false
    while !isComplete { isComplete = try await connection.next(Frame.Kind.data, stream: first).endsStream }
    connection.answer(first, try TestingV1.CollectResponse(text: "one").serializedBytes())
    #expect(try await response.text == "one")
  }

  @Test("our server is asked twice, and cancels the handler that comes late")
  func realServer() async throws {
    let calls = Mutex(0)
    let cancelled = Flag()
    let method = Scripted.unary { request, _ in
      let isFirst = calls.withLock { calls in
        calls += 1
        return calls == 1
      }
      if isFirst {
        await Flag.waitForCancellation()
        cancelled.raise()
      }
      return .init(text: request.text)
    }
    let config = try ServiceConfig.hedging(attempts: 2, delay: "0.001s")
    try await withServer([method]) { _, address in
      let channel = try ClientFixture(target: "\(address)") {
        $0.serviceConfig = config
        $0.compression.sending = .gzip
      }.channel
      let text = String(repeating: "x", count: 5000)
      let response: Scripted.Response = try await channel.unary(
        MethodDescriptor(service: Scripted.serviceDescriptor.fullName, name: "Unary", kind: .unary),
        Scripted.Request(text: text),
        options: .init()
      )
      #expect(response.text == text)
      await cancelled.wait()
      await channel.close()
    }
    #expect(calls.withLock { $0 } == 2)
  }
}
