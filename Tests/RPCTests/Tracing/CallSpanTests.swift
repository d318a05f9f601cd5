import Basics
import Messages
import SeededRandomness
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Spans of calls", .timeLimit(.minutes(1)))
struct CallSpanTests {
  private final class Recorder: CallSpanRecorder {
    private let recorded = Mutex<[CallSpan]>([])

    var spans: [CallSpan] { recorded.withLock { $0 } }

    func record(_ span: CallSpan) { recorded.withLock { $0.append(span) } }
  }

  private func descriptor(_ name: String) -> MethodDescriptor {
    MethodDescriptor(service: Scripted.serviceDescriptor.fullName, name: name, kind: .unary)
  }

  private func call(_ channel: RPC.Channel, _ name: String) async throws {
    let _: Scripted.Response = try await channel.unary(descriptor(name), Scripted.Request(), options: .init())
  }

  /// Runs `body` with a channel to a server, both of which record.
  private func with(
    serverRatio: Double = 0,
    clientRatio: Double = 0,
    _ body: (RPC.Channel) async throws -> Void
  ) async throws -> (server: [CallSpan], client: [CallSpan]) {
    let (server, client) = (Recorder(), Recorder())
    let failing = Scripted.unary("Fails") { _, _ in throw RPCError(code: .notFound) }
    let interceptors: [any ServerInterceptor] = [
      TracingServerInterceptor(sampleRatio: serverRatio), SpanServerInterceptor(recorder: server),
    ]
    try await withServer([Scripted.echo, failing], interceptors: interceptors) { _, address in
      let channel = try ClientFixture(
        target: "\(address)",
        interceptors: [TracingClientInterceptor(sampleRatio: clientRatio, recorder: client)]
      ).channel
      try await body(channel)
      await channel.close()
    }
    return (server.spans, client.spans)
  }

  @Test("a sampled call is a span on either side, the server's below the client's")
  func bothSides() async throws {
    let before = UnixClock.nanoseconds
    let spans = try await with(clientRatio: 1) { try await call($0, "Echo") }
    let (client, server) = (try #require(spans.client.first), try #require(spans.server.first))
    #expect(spans.client.count == 1 && spans.server.count == 1)
    #expect(client.trace.parentSpanID == 0)
    #expect(server.trace.parentSpanID == client.trace.spanID)
    #expect(server.trace.traceID == client.trace.traceID)
    #expect(client.side == .client && server.side == .server)
    for span in [client, server] {
      #expect(span.method == descriptor("Echo"))
      #expect(span.status == .ok)
      #expect(span.trace.isSampled)
      #expect(span.startUnixNanoseconds <= span.endUnixNanoseconds)
      // A clock that is set during the test may change either a little.
      #expect(span.endUnixNanoseconds > before - 60_000_000_000)
      #expect(span.endUnixNanoseconds < before + 120_000_000_000)
    }
    #expect(client.startUnixNanoseconds <= server.startUnixNanoseconds)
  }

  @Test("a call that fails is a span with its status, and one of an unknown method has no name")
  func failures() async throws {
    let spans = try await with(clientRatio: 1) { channel in
      _ = try await rpcError { try await call(channel, "Fails") }
      _ = try await rpcError { try await call(channel, "Unknown") }
    }
    #expect(spans.client.map(\.status) == [.notFound, .unimplemented])
    #expect(spans.server.map(\.status) == [.notFound, .unimplemented])
    #expect(spans.server.map(\.method) == [descriptor("Fails"), nil])
  }

  @Test("what is not sampled is not recorded, whatever the server would sample by itself")
  func unsampled() async throws {
    let spans = try await with(serverRatio: 1) { try await call($0, "Echo") }
    #expect(spans.client.isEmpty && spans.server.isEmpty)
  }

  @Test("a server samples calls that carry no trace")
  func serverStarts() async throws {
    let recorder = Recorder()
    let interceptors: [any ServerInterceptor] = [
      TracingServerInterceptor(sampleRatio: 1), SpanServerInterceptor(recorder: recorder),
    ]
    try await withServer([Scripted.echo], interceptors: interceptors) { _, address in
      let channel = try ClientFixture(target: "\(address)").channel
      try await call(channel, "Echo")
      await channel.close()
    }
    #expect(recorder.spans.map(\.trace.parentSpanID) == [0])
  }

  @Test("a call that is refused and sent again is one span")
  func oneSpanForAllAttempts() async throws {
    let recorder = Recorder()
    let peer = try await ScriptedPeer()
    let tracing = TracingClientInterceptor(sampleRatio: 1, recorder: recorder)
    let fixture = try ClientFixture(target: peer.target, interceptors: [tracing])
    async let response = fixture.client.echo(.init())
    let connection = try await peer.acceptReady()
    connection.send(.reset(try await connection.request().stream, 7))
    connection.answer(try await connection.request().stream)
    _ = try await response
    #expect(recorder.spans.map(\.status) == [.ok])
  }

  @Test("the share of new traces that is sampled is the one asked for", arguments: [0, 0.1, 0.5, 1])
  func ratio(_ ratio: Double) {
    var random = SeededRandom(seed: 11)
    let count = 20_000
    let sampled = (0..<count).count { _ in TraceContext.start(sampleRatio: ratio, using: &random).isSampled }
    let share = Double(sampled) / Double(count)
    #expect(abs(share - ratio) < (ratio == 0 || ratio == 1 ? .ulpOfOne : 0.02))
  }
}
