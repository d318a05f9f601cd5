import Basics
import Logging
import Messages
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Retried calls (gRFC A6)", .timeLimit(.minutes(1)))
struct RetryTests {
  private let recorder = CallRecorder()

  private func fixture(
    _ peer: ScriptedPeer,
    _ config: ServiceConfig,
    interceptors: [any ClientInterceptor] = [],
    configure: (inout ChannelConfiguration) -> Void = { _ in }
  ) throws -> ClientFixture {
    try ClientFixture(target: peer.target, interceptors: interceptors) { configuration in
      configuration.serviceConfig = config
      configure(&configuration)
    }
  }

  private var options: CallOptions { CallOptions(observers: [recorder]) }

  @Test("a failed call is sent again, saying how often it was sent before")
  func retries() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    async let response = fixture.client.echo(.init(text: "x"), options: options)
    let connection = try await peer.acceptReady()
    var bodies: Set<[UInt8]> = []
    for previous in [nil, "1", "2"] {
      let request = try await connection.request()
      #expect(request.previousAttempts == previous)
      bodies.insert(request.body)
      connection.fail(request.stream)
    }
    let last = try await connection.request()
    connection.answer(last.stream, try TestingV1.EchoResponse.bytes("at last"))
    #expect(try await response.text == "at last")
    #expect(bodies == [last.body])
    #expect(recorder.attempts == 4)
    #expect(recorder.attemptSummaries.map(\.status) == [.unavailable, .unavailable, .unavailable, .ok])
    #expect(recorder.summary?.attempts == 4)
  }

  @Test("the last failure is the call's")
  func exhausted() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying(attempts: 2))
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    for message in ["first", "second"] {
      let stream = try await connection.request().stream
      connection.send(.trailersOnly(stream, status: 14, message: message))
    }
    #expect(try await error.message == "second")
    #expect(recorder.attempts == 2)
  }

  @Test("without a policy, or with another status, nothing is sent again", arguments: [false, true])
  func notRetried(_ hasPolicy: Bool) async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, hasPolicy ? .retrying() : ServiceConfig())
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.request().stream, status: hasPolicy ? .aborted : .unavailable, pushback: "0")
    #expect(try await error.code == (hasPolicy ? .aborted : .unavailable))
    #expect(recorder.attempts == 1)
  }

  @Test("response headers commit the call: what fails after them is not sent again")
  func committed() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    connection.send(.responseHeaders(stream), .trailers(stream, status: 14))
    #expect(try await error.code == .unavailable)
    #expect(recorder.attempts == 1)
  }

  @Test("a lost connection is a failure like others")
  func lostConnection() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    async let response = fixture.client.echo(.init(), options: options)
    let first = try await peer.acceptReady()
    _ = try await first.request()
    first.close()
    let second = try await peer.acceptReady()
    let request = try await second.request()
    #expect(request.previousAttempts == "1")
    second.answer(request.stream, try TestingV1.EchoResponse.bytes("again"))
    #expect(try await response.text == "again")
  }

  @Test("a call that finds no connection is tried again after its pause")
  func noConnection() async throws {
    let peer = try await ScriptedPeer()
    // The longest pause: four times half a second for the server to come back.
    var configuration = ChannelConfiguration(serviceConfig: try .retrying(attempts: 5, backoff: "0.5s"))
    configuration.backoff.initial = .milliseconds(10)
    configuration.backoff.maximum = .milliseconds(40)
    let channel = RPC.Channel(
      target: try ChannelTarget(parsing: peer.target),
      configuration: configuration,
      interceptors: [],
      logger: .init(label: "test"),
      resolver: .system,
      random: RandomSource { .max }
    )
    let client = TestingV1.EchoServiceClient(channel)
    async let response = client.echo(.init(), options: options)
    let early = try await peer.accept()
    await peer.close()
    early.close()
    let restarted = try await ScriptedPeer(at: peer.address)
    let connection = try await restarted.acceptReady()
    let request = try await connection.request()
    #expect(request.previousAttempts != nil)
    connection.answer(request.stream, try TestingV1.EchoResponse.bytes("up again"))
    #expect(try await response.text == "up again")
    #expect(recorder.attempts == 1, "only one attempt had a stream")
  }

  @Test("a refused stream is first sent again beside the policy, then counts")
  func refused() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying(attempts: 2))
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    for previous in [nil, nil, "1"] {
      let request = try await connection.request()
      #expect(request.previousAttempts == previous)
      connection.send(.reset(request.stream, 7))
    }
    #expect(try await error.code == .unavailable)
    #expect(recorder.attempts == 3)
  }

  @Test("a server's pushback replaces the pause")
  func pushback() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying(backoff: "100000s"))
    async let response = fixture.client.echo(.init(), options: options)
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.request().stream, pushback: "0")
    connection.fail(try await connection.request().stream, pushback: "1")
    connection.answer(try await connection.request().stream)
    _ = try await response
  }

  @Test("a server that asks for no repetition gets none", arguments: ["-1", "never"])
  func pushbackStops(_ pushback: String) async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.request().stream, pushback: pushback)
    #expect(try await error.code == .unavailable)
    #expect(recorder.attempts == 1)
  }

  @Test("failures use up the tokens of the whole channel")
  func throttled() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying(attempts: 5, throttling: #"{"maxTokens": 4, "tokenRatio": 1}"#))
    async let first = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    for _ in 0..<2 { connection.fail(try await connection.request().stream) }
    #expect(try await first.code == .unavailable)
    #expect(recorder.attempts == 2, "two of four tokens are left, which is too few")
    // A success returns one token. The next failure takes it, and the call is not repeated.
    async let success = fixture.client.echo(.init())
    connection.answer(try await connection.request().stream)
    _ = try await success
    let other = CallRecorder()
    async let second = rpcError { try await fixture.client.echo(.init(), options: .init(observers: [other])) }
    connection.fail(try await connection.request().stream)
    #expect(try await second.code == .unavailable)
    #expect(other.attempts == 1)
  }

  @Test("the deadline holds for all attempts together")
  func deadline() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    // Long, because the second attempt must be within it on a busy machine.
    let options = CallOptions(timeout: .seconds(15), observers: [recorder])
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    let first = try await connection.request()
    connection.fail(first.stream)
    let second = try await connection.request()
    let timeouts = [first, second].compactMap { $0["grpc-timeout"].flatMap { Timeout.decode($0) } }
    #expect(timeouts.count == 2)
    #expect(timeouts[0] > timeouts[1])
    #expect(try await error.code == .deadlineExceeded)
    #expect(try await connection.next(Frame.Kind.resetStream, stream: second.stream).number == 8)
    #expect(recorder.summary?.attempts == 2)
  }

  @Test("a pause beyond the deadline is not waited for: the call ends with its failure at once")
  func pauseBeyondDeadline() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    async let error = rpcError { try await fixture.client.echo(.init(), options: .init(timeout: .seconds(1000))) }
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.request().stream, pushback: "1001000")
    #expect(try await error.code == .unavailable)
  }

  /// Makes a call in an endless pause.
  private func pausing(_ peer: ScriptedPeer, _ fixture: ClientFixture) async throws -> Task<RPCError, any Error> {
    let task = Task { try await rpcError { try await fixture.client.echo(.init()) } }
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.request().stream, pushback: "2000000000")
    try await connection.roundTrip()
    return task
  }

  @Test("cancelling a call in its pause ends it at once")
  func cancelledPause() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    let task = try await pausing(peer, fixture)
    task.cancel()
    #expect(try await task.value.code == .cancelled)
  }

  @Test("closing the channel ends a call in its pause at once")
  func closedPause() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying()) { $0.closeGrace = .seconds(1000) }
    let task = try await pausing(peer, fixture)
    await fixture.channel.close()
    #expect(try await task.value.info?.reason == "SHUTTING_DOWN")
  }

  @Test("a channel that closes repeats nothing")
  func closing() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    async let error = rpcError { try await fixture.client.echo(.init(), options: options) }
    let connection = try await peer.acceptReady()
    let stream = try await connection.request().stream
    async let closed: Void = fixture.channel.close()
    while true {
      let error = try await rpcError {
        try await fixture.client.echo(.init(), options: .init(timeout: .milliseconds(5)))
      }
      if error.info?.reason == "SHUTTING_DOWN" { break }
    }
    connection.send(.trailersOnly(stream, status: 14, message: "the server's word"))
    #expect(try await error.message == "the server's word")
    await closed
    #expect(recorder.attempts == 1)
  }

  // MARK: Streams

  @Test("the messages of a stream of requests are sent again, and those that come later follow them")
  func streaming() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    let call = try await fixture.client.collect()
    try await call.send(.init(text: "a"))
    let connection = try await peer.acceptReady()
    let first = try await connection.next(Frame.Kind.headers).stream
    try await call.send(.init(text: "b"))
    connection.fail(first)
    let second = try await connection.next(Frame.Kind.headers).stream
    try await call.send(.init(text: "c"))
    async let response = call.finish()
    var body: [UInt8] = []
    var isComplete = false
    while !isComplete {
      let data = try await connection.next(Frame.Kind.data, stream: second)
      body += data.payload
      isComplete = data.endsStream
    }
    let expected = try ["a", "b", "c"].flatMap { framed(try TestingV1.CollectRequest(text: $0).serializedBytes()) }
    #expect(body == expected)
    connection.answer(second, try TestingV1.CollectResponse(text: "abc").serializedBytes())
    #expect(try await response.text == "abc")
  }

  @Test("messages that are sent in a pause wait for the next attempt")
  func streamingInPause() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    let call = try await fixture.client.chat()
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.next(Frame.Kind.headers).stream, pushback: "50")
    try await connection.roundTrip()
    try await call.send(.init(text: "meanwhile"))
    call.finishSending()
    let request = try await connection.request()
    #expect(request.body == framed(try TestingV1.ChatRequest(text: "meanwhile").serializedBytes()))
    connection.send(.responseHeaders(request.stream), .trailers(request.stream))
    for try await _ in call.responses {}
  }

  @Test("a stream of requests that exceeds the replay limit continues and is not repeated", arguments: [true, false])
  func streamingTooLarge(_ ofOneCall: Bool) async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying()) {
      if ofOneCall { $0.limits.replayBytes = 100 } else { $0.limits.replayBytesOfAllCalls = 100 }
    }
    let call = try await fixture.client.chat(options: options)
    let connection = try await peer.acceptReady()
    let stream = try await connection.next(Frame.Kind.headers).stream
    for _ in 0..<3 { try await call.send(.init(payload: [UInt8](repeating: 0, count: 50))) }
    var received = 0
    while received < 150 { received += try await connection.next(Frame.Kind.data, stream: stream).payload.count }
    connection.fail(stream)
    let error = try await rpcError { for try await _ in call.responses {} }
    #expect(error.code == .unavailable)
    #expect(recorder.attempts == 1)
  }

  @Test("a single message that is too large to store is not sent again by the policy, but is when no server handled it")
  func unaryTooLarge() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying()) { $0.limits.replayBytes = 100 }
    let request = TestingV1.EchoRequest(payload: [UInt8](repeating: 1, count: 200))
    async let error = rpcError { try await fixture.client.echo(request, options: options) }
    let connection = try await peer.acceptReady()
    let first = try await connection.request()
    connection.send(.reset(first.stream, 7))
    let second = try await connection.request()
    #expect(second.body == first.body)
    connection.fail(second.stream)
    #expect(try await error.code == .unavailable)
    #expect(recorder.attempts == 2)
  }

  @Test("an ended call's budget is free for the next")
  func budgetReturns() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying(attempts: 2)) { $0.limits.replayBytesOfAllCalls = 300 }
    let request = TestingV1.EchoRequest(payload: [UInt8](repeating: 1, count: 200))
    let connection = Mutex<ScriptedConnection?>(nil)
    for _ in 0..<3 {
      async let error = rpcError { try await fixture.client.echo(request, options: options) }
      if connection.withLock({ $0 == nil }) {
        let accepted = try await peer.acceptReady()
        connection.withLock { $0 = accepted }
      }
      let current = try #require(connection.withLock { $0 })
      for _ in 0..<2 { current.fail(try await current.request().stream) }
      #expect(try await error.code == .unavailable)
    }
    #expect(recorder.attempts == 6)
  }

  @Test("a stream of responses is retried before it begins, and not after")
  func serverStreaming() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying())
    let responses = try await fixture.client.expand(.init(), options: options)
    let connection = try await peer.acceptReady()
    connection.fail(try await connection.request().stream)
    let stream = try await connection.request().stream
    connection.send(
      .responseHeaders(stream),
      .data(stream, try TestingV1.ExpandResponse.frame(1)),
      .trailers(stream, status: 14)
    )
    var indices: [Int32] = []
    let error = try await rpcError { for try await response in responses { indices.append(response.index) } }
    #expect(error.code == .unavailable)
    #expect(indices == [1])
    #expect(recorder.attempts == 2)
  }

  // MARK: Beside other features

  @Test("a packed request is sent again as it is")
  func gzip() async throws {
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying()) { $0.compression.sending = .gzip }
    let text = String(repeating: "patron ", count: 1000)
    async let response = fixture.client.echo(.init(text: text))
    let connection = try await peer.acceptReady()
    let first = try await connection.request()
    connection.fail(first.stream)
    let second = try await connection.request()
    #expect(second["grpc-encoding"] == "gzip")
    #expect(second.body == first.body)
    let message = try Gzip.unpack(Array(second.body.dropFirst(5)), upTo: 10_000)
    #expect(try TestingV1.EchoRequest(serializedBytes: message).text == text)
    connection.answer(second.stream)
    _ = try await response
  }

  @Test("metrics count each attempt by its own status, and the call once")
  func metrics() async throws {
    let metrics = RecordingMetrics()
    let peer = try await ScriptedPeer()
    let fixture = try fixture(peer, .retrying(), interceptors: [MetricsClientInterceptor(factory: metrics)])
    async let response = fixture.client.echo(.init(text: "x"))
    let connection = try await peer.acceptReady()
    for _ in 0..<2 { connection.fail(try await connection.request().stream) }
    connection.answer(try await connection.request().stream)
    _ = try await response
    func count(_ name: String, _ label: String = "") -> Int {
      metrics.values.filter { $0.key.hasPrefix(name + "{") && $0.key.contains(label) }.map(\.value.count).reduce(0, +)
    }
    #expect(count("grpc.client.attempt.started") == 3)
    #expect(count("grpc.client.attempt.duration", "grpc.status=UNAVAILABLE") == 2)
    #expect(count("grpc.client.attempt.duration", "grpc.status=OK") == 1)
    #expect(count("grpc.client.call.duration") == 1)
    #expect(count("grpc.client.call.duration", "grpc.status=OK") == 1)
  }

  @Test(
    "our server sees every attempt, its number, and has its pushback followed",
    arguments: [Compression.identity, .gzip]
  )
  func realServer(_ compression: Compression) async throws {
    let attempts = Mutex<[String?]>([])
    let method = Scripted.unary { request, context in
      let count = attempts.withLock { attempts in
        attempts.append(context.requestMetadata["grpc-previous-rpc-attempts"])
        return attempts.count
      }
      if count == 3 { return .init(text: request.text) }
      throw RPCError(code: .unavailable, details: [.retryInfo(RetryInfo(retryDelay: .milliseconds(1)))])
    }
    let config = try ServiceConfig.retrying(backoff: "100000s")
    try await withServer([method]) { _, address in
      let channel = try ClientFixture(target: "\(address)") {
        $0.serviceConfig = config
        $0.compression.sending = compression
      }.channel
      let text = String(repeating: "x", count: 5000)
      let response: Scripted.Response = try await channel.unary(
        MethodDescriptor(service: Scripted.serviceDescriptor.fullName, name: "Unary", kind: .unary),
        Scripted.Request(text: text),
        options: .init()
      )
      #expect(response.text == text)
      await channel.close()
    }
    #expect(attempts.withLock { $0 } == [nil, "1", "2"])
  }
}
