import GRPCProto
import Logging
import OpenTelemetryProto
import RPC
import Testing

@testable import ServiceKit

@Suite("Traces through several services", .timeLimit(.minutes(1)))
struct CallChainTests {
  /// Answers a health check by calling another service, as the gateway does.
  private struct Gateway: GrpcHealthV1.Health {
    let backend: any ClientChannel

    func check(
      _ request: GrpcHealthV1.HealthCheckRequest,
      context: ServerContext
    ) async throws -> GrpcHealthV1.HealthCheckResponse {
      try await GrpcHealthV1.HealthClient(backend).check(request)
    }

    func list(
      _ request: GrpcHealthV1.HealthListRequest,
      context: ServerContext
    ) async throws -> GrpcHealthV1.HealthListResponse {
      .init()
    }

    func watch(
      _ request: GrpcHealthV1.HealthCheckRequest,
      responses: ResponseWriter<GrpcHealthV1.HealthCheckResponse>,
      context: ServerContext
    ) async throws { throw RPCError(code: .unimplemented) }
  }

  private func resources(_ service: String, _ tracing: Tracing) -> ServiceResources {
    ServiceResources(
      service: service,
      database: nil,
      pages: PageTokens(key: Array(repeating: 7, count: PageTokenKey.byteCount)),
      metrics: PrometheusRegistry(),
      eventLogSettings: EventLogSettings(),
      consumerSettings: EventConsumerSettings(),
      tracing: tracing,
      logger: .silent
    )
  }

  private func peer(_ target: ChannelTarget) -> PeerSettings {
    let settings = SettingsReader(names: SettingNames(service: "test"), sources: [])
    return PeerSettings(settings, peer: "peer", defaultAddress: target.description)
  }

  private func interceptors(_ service: String, _ tracing: Tracing) -> [any ServerInterceptor] {
    StandardInterceptors.server(service: service, metrics: PrometheusRegistry(), tracing: tracing, logger: .silent)
  }

  /// Runs `body` with a client of a gateway that calls a backend.
  private func withChain(
    client: Tracing,
    gateway: Tracing,
    backend: Tracing,
    _ body: (GrpcHealthV1.HealthClient) async throws -> Void
  ) async throws {
    let health = HealthService(serviceNames: [], readiness: Readiness())
    try await withServer([health], interceptors: interceptors("members", backend)) { target in
      let gatewayResources = resources("gateway", gateway)
      let service = Gateway(backend: try gatewayResources.channel(to: peer(target)))
      try await withServer([service], interceptors: interceptors("gateway", gateway)) { target in
        let clientResources = resources("till", client)
        try await body(GrpcHealthV1.HealthClient(try clientResources.channel(to: peer(target))))
        await clientResources.closeChannels()
      }
      await gatewayResources.closeChannels()
    }
  }

  private func exporter(_ service: String, _ target: ChannelTarget, queueSpans: Int = 1000) -> SpanExporter {
    var settings = SpanExportSettings()
    settings.queueSpans = queueSpans
    settings.batchSpans = min(settings.batchSpans, queueSpans)
    settings.timeout = .milliseconds(500)
    return SpanExporter(
      service: service,
      target: target,
      settings: settings,
      metrics: PrometheusRegistry(),
      logger: .silent
    )
  }

  @Test("the spans of one call through the gateway share a trace, each below the one that caused it")
  func chain() async throws {
    let collector = Collector()
    try await collector.serve { target in
      let (till, gateway, members) = (
        exporter("till", target), exporter("gateway", target), exporter("members", target)
      )
      try await withChain(
        client: Tracing(sampleRatio: 1, recorder: till),
        gateway: Tracing(sampleRatio: 0, recorder: gateway),
        backend: Tracing(sampleRatio: 0, recorder: members)
      ) { client in
        _ = try await client.check(.init(), options: .init())
      }
      for exporter in [till, gateway, members] { await exporter.shutdown() }
    }
    let spans = collector.spans
    #expect(spans.count == 4)
    #expect(Set(spans.map(\.traceID)).count == 1)
    let asked = try #require(spans.first { $0.parentSpanID.isEmpty })
    var chain = [asked]
    while let next = spans.first(where: { $0.parentSpanID == chain.last?.spanID }) { chain.append(next) }
    #expect(chain.map(\.kind) == [.client, .server, .client, .server])
    #expect(spans.allSatisfy { $0.name == "grpc.health.v1.Health/Check" })
    let services = collector.requests.flatMap(\.resourceSpans).compactMap {
      $0.resource?.attributes.first?.value?.value
    }
    #expect(Set(services) == [.stringValue("till"), .stringValue("gateway"), .stringValue("members")])
  }

  @Test("what the first of a chain does not sample is recorded nowhere")
  func unsampled() async throws {
    let collector = Collector()
    try await collector.serve { target in
      let spans = exporter("suite", target)
      try await withChain(
        client: Tracing(sampleRatio: 0, recorder: spans),
        gateway: Tracing(sampleRatio: 1, recorder: spans),
        backend: Tracing(sampleRatio: 1, recorder: spans)
      ) { client in
        _ = try await client.check(.init(), options: .init())
      }
      await spans.shutdown()
    }
    #expect(collector.requests.isEmpty)
  }

  @Test("calls go through while the collector hangs, however full its queue is")
  func hangingCollector() async throws {
    let gate = Gate()
    let collector = Collector { _ in
      await gate.wait()
      return .init()
    }
    try await collector.serve { target in
      let spans = exporter("gateway", target, queueSpans: 5)
      let tracing = Tracing(sampleRatio: 1, recorder: spans)
      try await withChain(client: tracing, gateway: tracing, backend: tracing) { client in
        // None of them would return if one waited for the collector, which answers only after all of them.
        for _ in 0..<200 { _ = try await client.check(.init(), options: .init()) }
      }
      gate.open()
      await spans.shutdown()
    }
  }
}
