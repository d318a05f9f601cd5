import CoreMetrics
import Logging
import NIOCore
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("Client interceptors", .timeLimit(.minutes(1)))
struct InterceptorTests {
  private struct Tagging: ClientInterceptor {
    let tag: String
    let events: EventLog

    func intercept<Result: Sendable>(
      _ call: OutgoingCall,
      next: (OutgoingCall) async throws -> Result
    ) async throws -> Result {
      events.append("\(tag) before")
      var call = call
      call.metadata.add("tag", tag)
      let result = try await next(call)
      events.append("\(tag) after")
      return result
    }
  }

  private struct Refusing: ClientInterceptor {
    func intercept<Result: Sendable>(
      _ call: OutgoingCall,
      next: (OutgoingCall) async throws -> Result
    ) async throws -> Result {
      throw RPCError(code: .unauthenticated, message: "no token")
    }
  }

  private final class EventLog: Sendable {
    private let events = Mutex<[String]>([])
    var all: [String] { events.withLock { $0 } }
    func append(_ event: String) { events.withLock { $0.append(event) } }
  }

  /// Makes one call with these interceptors and returns its request.
  private func request(
    _ interceptors: [any ClientInterceptor],
    serving context: ServerContext? = nil,
    status: Int = 0
  ) async throws -> ScriptedRequest {
    let peer = try await ScriptedPeer()
    let fixture = try ClientFixture(target: peer.target, interceptors: interceptors)
    async let response = ServerContext.$current.withValue(context) { try await fixture.client.echo(.init(text: "x")) }
    let connection = try await peer.acceptReady()
    let request = try await connection.request()
    if status == 0 {
      connection.answer(request.stream, try TestingV1.EchoResponse.bytes("four"))
    } else {
      connection.send(.trailersOnly(request.stream, status: status, message: "secret text"))
    }
    _ = try? await response
    return request
  }

  @Test("run in order, the first outermost, and may change what is sent")
  func order() async throws {
    let events = EventLog()
    let request = try await request([Tagging(tag: "1", events: events), Tagging(tag: "2", events: events)])
    #expect(request.values("tag") == ["1", "2"])
    #expect(events.all == ["1 before", "2 before", "2 after", "1 after"])
  }

  @Test("may refuse a call before it is sent")
  func refuse() async throws {
    let fixture = try ClientFixture(target: "ipv4:127.0.0.1:1", interceptors: [Refusing()])
    #expect(try await rpcError { try await fixture.client.echo(.init()) }.code == .unauthenticated)
    #expect(try await rpcError { try await fixture.client.expand(.init()) }.code == .unauthenticated)
  }

  @Test("tracing makes a call the child of the call being served")
  func tracingChild() async throws {
    let context = ServerContext(method: MethodDescriptor(service: "a", name: "b", kind: .unary))
    context.trace = TraceContext(traceID: .init(high: 1, low: 2), spanID: 3, flags: 1, state: "vendor=x")
    let request = try await request([TracingClientInterceptor()], serving: context)
    let text = try #require(request["traceparent"])
    let trace = try #require(TraceContext(traceparent: text))
    #expect(trace.traceID == TraceContext.TraceID(high: 1, low: 2))
    #expect(trace.spanID != 3)
    #expect(trace.isSampled)
    #expect(request["tracestate"] == "vendor=x")
  }

  @Test("tracing starts a trace outside a served call, unless configured not to")
  func tracingRoot() async throws {
    let started = try await request([TracingClientInterceptor()])["traceparent"]
    #expect(started.flatMap { TraceContext(traceparent: $0) } != nil)
    #expect(try await request([TracingClientInterceptor(startsTraces: false)])["traceparent"] == nil)
  }

  @Test("without the tracing interceptor no trace is sent")
  func noTracing() async throws {
    #expect(try await request([])["traceparent"] == nil)
  }

  @Test("metrics are those of gRFC A66")
  func metrics() async throws {
    let metrics = RecordingMetrics()
    _ = try await request([MetricsClientInterceptor(factory: metrics)])
    let method = "grpc.method=patron.testing.v1.EchoService/Echo"
    #expect(metrics.values.keys.allSatisfy { $0.contains(method) && $0.contains("grpc.target=ipv4:127.") })
    func values(_ name: String) -> [Double] {
      metrics.values.filter { $0.key.hasPrefix(name + "{") }.flatMap(\.value)
    }
    #expect(values("grpc.client.attempt.started") == [1])
    #expect(values("grpc.client.attempt.duration").count == 1)
    #expect(values("grpc.client.attempt.sent_total_compressed_message_size") == [3])
    #expect(values("grpc.client.attempt.rcvd_total_compressed_message_size") == [6])
    #expect(values("grpc.client.call.duration").count == 1)
    let labelled = metrics.values.keys.filter { $0.contains("grpc.status=OK") }
    #expect(labelled.count == 4)
  }

  @Test("metrics name the status of failures")
  func metricsOfFailures() async throws {
    let metrics = RecordingMetrics()
    _ = try await request([MetricsClientInterceptor(factory: metrics)], status: 5)
    #expect(metrics.values.keys.contains { $0.hasPrefix("grpc.client.call.duration{") && $0.contains("NOT_FOUND") })
  }

  @Test("logging writes method and status, and no text of the error")
  func logging() async throws {
    let lines = EventLog()
    var logger = Logger(label: "test") { _ in RecordingLogHandler { lines.append($0) } }
    logger.logLevel = .trace
    _ = try await request([LoggingClientInterceptor(logger: logger)], status: 5)
    let line = try #require(lines.all.first)
    #expect(line.contains("info"))
    #expect(line.contains("patron.testing.v1.EchoService/Echo"))
    #expect(line.contains("NOT_FOUND"))
    #expect(!line.contains("secret"))
  }
}
