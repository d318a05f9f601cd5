import CoreMetrics
import Logging
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Server interceptors (rows 15 and 16)")
struct ServerInterceptorTests {
  private static let request = TestingV1.ChatRequest(text: "hello")

  private struct Closure: ServerInterceptor {
    let body: @Sendable (ServerContext, () async throws -> Void) async throws -> Void

    func intercept(_ context: ServerContext, next: () async throws -> Void) async throws {
      try await body(context, next)
    }
  }

  @Test("They run in the order given, around the handler")
  func order() async throws {
    let log = Mutex<[String]>([])
    let interceptors = ["a", "b", "c"].map { name in
      Closure { _, next in
        log.withLock { $0.append("\(name) in") }
        try await next()
        log.withLock { $0.append("\(name) out") }
      }
    }
    let method = Scripted.unary { _, _ in
      log.withLock { $0.append("handler") }
      return Scripted.Response()
    }
    try await withServerAndClient([method], interceptors: interceptors) { client in
      expect(try await client.status(Scripted.path("Unary"), Self.request), is: .ok)
    }
    #expect(log.withLock { $0 } == ["a in", "b in", "c in", "handler", "c out", "b out", "a out"])
  }

  @Test("One that throws refuses the call, and the handler never runs")
  func refusing() async throws {
    let auth = Closure { context, next in
      guard context.requestMetadata["authorization"] == "Bearer good" else {
        throw RPCError(code: .unauthenticated, message: "who?")
      }
      try await next()
    }
    try await withServerAndClient([Scripted.echo], interceptors: [auth]) { client in
      let stranger = try await client.call(Scripted.path("Echo"), Self.request)
      #expect(stranger.status == .unauthenticated)
      #expect(stranger.messages.isEmpty)
      let known = try await client.call(
        Scripted.path("Echo"),
        Self.request,
        extra: [("authorization", "Bearer good")]
      )
      #expect(known.status == .ok)
    }
  }

  private enum CallerKey: ServerContextKey { typealias Value = String }

  @Test("What one leaves in the context, the handler finds there and in the task")
  func storage() async throws {
    let interceptor = Closure { context, next in
      context[CallerKey.self] = "till 7"
      context.responseMetadata.add("seen", "yes")
      try await next()
    }
    let method = Scripted.unary { _, context in
      #expect(ServerContext.current === context)
      return Scripted.Response(text: context[CallerKey.self] ?? "nobody")
    }
    try await withServerAndClient([method], interceptors: [interceptor]) { client in
      let stream = try await client.call(Scripted.path("Unary"), Self.request)
      #expect(try stream.decoded(TestingV1.ChatResponse.self).map(\.text) == ["till 7"])
      #expect(stream["seen"] == "yes")
    }
  }

  @Test("They see the status the caller gets: deadline, unknown errors, unknown methods")
  func statuses() async throws {
    struct Odd: Error {}
    let seen = Mutex<[StatusCode]>([])
    let interceptor = Closure { _, next in
      do { try await next() } catch {
        seen.withLock { $0.append((error as? RPCError)?.code ?? .ok) }
        throw error
      }
    }
    let waiting = Scripted.unary("Wait") { _, _ in
      await Flag.waitForCancellation()
      return Scripted.Response()
    }
    let odd = Scripted.unary("Odd") { _, _ in throw Odd() }
    try await withServerAndClient([waiting, odd], interceptors: [interceptor]) { client in
      _ = try await client.call(Scripted.path("Wait"), Self.request, extra: [("grpc-timeout", "10m")])
      _ = try await client.call(Scripted.path("Odd"), Self.request)
      _ = try await client.call(Scripted.path("None"), Self.request)
    }
    #expect(seen.withLock { $0.sorted { $0.rawValue < $1.rawValue } } == [.unknown, .deadlineExceeded, .unimplemented])
  }

  @Test("A trace is continued as a child, or started")
  func tracing() async throws {
    let method = Scripted.unary { _, context in Scripted.Response(text: context.trace?.traceparent ?? "none") }
    let tracing = TracingServerInterceptor(random: SpanRandom(seed: 1))
    try await withServerAndClient([method], interceptors: [tracing]) { client in
      let parent = TraceContextTests.example
      let continued = try await client.call(Scripted.path("Unary"), Self.request, extra: [("traceparent", parent)])
      let trace = try #require(try continued.decoded(TestingV1.ChatResponse.self).first?.text)
      #expect(trace.prefix(36) == parent.prefix(36))
      #expect(trace != parent)
      #expect(trace.hasSuffix("-01"))
      for extra in [[], [("traceparent", "nonsense")], [("traceparent", parent), ("traceparent", parent)]] {
        let started = try await client.call(Scripted.path("Unary"), Self.request, extra: extra)
        let trace = try #require(try started.decoded(TestingV1.ChatResponse.self).first?.text)
        #expect(TraceContext(traceparent: trace) != nil)
        #expect(trace.prefix(36) != parent.prefix(36))
      }
    }
  }

  @Test("The access log has one line for each call, without messages or addresses")
  func accessLog() async throws {
    let lines = Mutex<[String]>([])
    let logger = Logger(label: "access") { _ in RecordingLogHandler { line in lines.withLock { $0.append(line) } } }
    struct Odd: Error {}
    let odd = Scripted.unary("Odd") { _, _ in throw Odd() }
    let interceptors: [any ServerInterceptor] = [TracingServerInterceptor(), AccessLogInterceptor(logger: logger)]
    try await withServerAndClient([Scripted.echo, odd], interceptors: interceptors) { client in
      _ = try await client.call(Scripted.path("Echo"), Self.request)
      _ = try await client.call(Scripted.path("Odd"), Self.request)
    }
    let written = lines.withLock { $0 }
    #expect(written.count == 2)
    #expect(written[0].hasPrefix("info call"))
    for part in ["patron.testing.v1.Scripted/Echo", "OK", "trace_id", "duration_us"] {
      #expect(written[0].contains(part))
    }
    #expect(written[1].hasPrefix("error call"))
    for part in ["UNKNOWN", "HANDLER_FAILED", "Odd"] { #expect(written[1].contains(part)) }
    #expect(!written.joined().contains("hello"))
    #expect(!written.joined().contains("127.0.0.1"))
  }

  @Test("Metrics have gRFC A66's names, labels and units (row 16)")
  func metrics() async throws {
    let metrics = RecordingMetrics()
    let failing = Scripted.unary("Fail") { _, _ in throw RPCError(code: .notFound) }
    let interceptors = [MetricsServerInterceptor(factory: metrics)]
    try await withServerAndClient([Scripted.echo, failing], interceptors: interceptors) { client in
      for _ in 0..<2 { _ = try await client.call(Scripted.path("Echo"), Self.request) }
      _ = try await client.call(Scripted.path("Fail"), Self.request)
      _ = try await client.call("/made.Up/Name", Self.request)
    }
    let values = metrics.values
    let echo = "grpc.method=patron.testing.v1.Scripted/Echo"
    #expect(values["grpc.server.call.started{\(echo)}"] == [1, 1])
    #expect(values["grpc.server.call.rcvd_total_compressed_message_size{\(echo),grpc.status=OK}"] == [7, 7])
    #expect(values["grpc.server.call.sent_total_compressed_message_size{\(echo),grpc.status=OK}"] == [7, 7])
    let durations = values["grpc.server.call.duration{\(echo),grpc.status=OK}"] ?? []
    #expect(durations.count == 2)
    // A timer records nanoseconds; a call over a socket takes some thousands.
    #expect(durations.allSatisfy { $0 > 1000 && $0 < 60_000_000_000 })
    let fail = "grpc.method=patron.testing.v1.Scripted/Fail"
    #expect(values["grpc.server.call.duration{\(fail),grpc.status=NOT_FOUND}"]?.count == 1)
    #expect(values["grpc.server.call.duration{grpc.method=other,grpc.status=UNIMPLEMENTED}"]?.count == 1)
    #expect(!values.keys.contains { $0.contains("made.Up") })
  }
}
