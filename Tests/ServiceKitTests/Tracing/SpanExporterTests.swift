import Eventually
import OpenTelemetryProto
import RPC
import Testing

@testable import ServiceKit

@Suite("Spans on their way to a collector", .timeLimit(.minutes(1)))
struct SpanExporterTests {
  private let metrics = PrometheusRegistry()

  private func exporter(
    _ target: ChannelTarget,
    _ configure: (inout SpanExportSettings) -> Void = { _ in }
  ) -> SpanExporter {
    var settings = SpanExportSettings()
    // Only the subject of a test sends anything.
    settings.interval = .seconds(600)
    settings.retryInitial = .milliseconds(1)
    settings.retryMaximum = .milliseconds(10)
    configure(&settings)
    return SpanExporter(service: "shop", target: target, settings: settings, metrics: metrics, logger: .silent)
  }

  private func finished(_ number: UInt64, side: CallSpan.Side = .server, status: StatusCode = .ok) -> CallSpan {
    var trace = TraceContext(traceID: .init(high: 1, low: 0xabcd), spanID: number, flags: 1, state: "v=1")
    trace.parentSpanID = 0x0102_0304_0506_0708
    return CallSpan(
      trace: trace,
      side: side,
      method: MethodDescriptor(service: "shop.v1.ShopService", name: "Buy", kind: .unary),
      startUnixNanoseconds: 1_700_000_000_000_000_001,
      endUnixNanoseconds: 1_700_000_000_000_000_002,
      status: status
    )
  }

  private func counted(_ sample: String) -> Int {
    let line = metrics.scrape().split(separator: "\n").first { $0.hasPrefix("\(sample) ") }
    return line.flatMap { Double($0.split(separator: " ").last ?? "") }.map { Int($0) } ?? 0
  }

  @Test("a span arrives as OTLP has it, below its service's name")
  func contents() async throws {
    let collector = Collector()
    try await collector.serve { target in
      let exporter = exporter(target)
      exporter.record(finished(7, status: .notFound))
      await exporter.shutdown()
    }
    let resource = try #require(collector.requests.first?.resourceSpans.first)
    #expect(resource.resource?.attributes.first == .init("service.name", .stringValue("shop")))
    let span = try #require(collector.spans.first)
    #expect(span.traceID == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xab, 0xcd])
    #expect(span.spanID == [0, 0, 0, 0, 0, 0, 0, 7])
    #expect(span.parentSpanID == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(span.traceState == "v=1")
    #expect(span.flags == 1)
    #expect(span.name == "shop.v1.ShopService/Buy")
    #expect(span.kind == .server)
    #expect(span.startTimeUnixNano == 1_700_000_000_000_000_001)
    #expect(span.endTimeUnixNano == 1_700_000_000_000_000_002)
    #expect(
      span.attributes == [
        .init("rpc.system", .stringValue("grpc")), .init("rpc.service", .stringValue("shop.v1.ShopService")),
        .init("rpc.method", .stringValue("Buy")), .init("rpc.grpc.status_code", .intValue(5)),
      ]
    )
    // NOT_FOUND is the caller's fault, so the server's span is no error.
    #expect(span.status?.code == .unset)
  }

  @Test("a failed call is an error to its caller, and to the server when it is the server's fault")
  func errors() {
    func code(_ side: CallSpan.Side, _ status: StatusCode) -> OpentelemetryProtoTraceV1.Status.StatusCode? {
      finished(1, side: side, status: status).otlp.status?.code
    }
    #expect(code(.client, .ok) == .unset && code(.server, .ok) == .unset)
    #expect(code(.client, .notFound) == .error && code(.server, .notFound) == .unset)
    #expect(code(.client, .unavailable) == .error && code(.server, .unavailable) == .error)
  }

  @Test("the first span of a trace names none above it, and a method that the server does not have is other")
  func root() {
    var span = finished(1)
    span.trace.parentSpanID = 0
    span.method = nil
    #expect(span.otlp.parentSpanID == [])
    #expect(span.otlp.name == "other")
    #expect(!span.otlp.attributes.contains { $0.key == "rpc.method" })
  }

  @Test("a full batch is sent at once")
  func fullBatch() async throws {
    let collector = Collector()
    try await collector.serve { target in
      let exporter = exporter(target) { $0.batchSpans = 10 }
      for number in 1...10 { exporter.record(finished(UInt64(number))) }
      try await eventually("the batch arrives") { collector.spans.count == 10 }
      await exporter.shutdown()
    }
    #expect(collector.requests.count == 1)
  }

  @Test("no call carries more spans than a batch has")
  func batches() async throws {
    let collector = Collector()
    try await collector.serve { target in
      let exporter = exporter(target) { $0.batchSpans = 10 }
      for number in 1...95 { exporter.record(finished(UInt64(number))) }
      await exporter.shutdown()
    }
    #expect(collector.spans.map(\.spanID.last) == (1...95).map { UInt8($0) })
    #expect(collector.requests.allSatisfy { $0.resourceSpans[0].scopeSpans[0].spans.count <= 10 })
    #expect(counted("patron_spans_exported_total") == 95)
  }

  @Test("what does not fill a batch is sent after the interval")
  func interval() async throws {
    let collector = Collector()
    try await collector.serve { target in
      let exporter = exporter(target) { $0.interval = .milliseconds(5) }
      for number in 1...3 {
        exporter.record(finished(UInt64(number)))
        try await eventually("the span arrives") { collector.spans.count == number }
      }
      await exporter.shutdown()
    }
  }

  @Test("while the collector is unreachable spans queue up to the limit, more are dropped, and every one is counted")
  func away() async throws {
    let nobody = ChannelTarget(.unixSocket(path: "/tmp/patron-nobody-\(UInt64.random(in: 0 ... .max)).sock"))
    let exporter = exporter(nobody) {
      $0.queueSpans = 10
      $0.batchSpans = 3
    }
    for number in 1...100 { exporter.record(finished(UInt64(number))) }
    #expect(counted(#"patron_spans_dropped_total{reason="queue_full"}"#) == 90)
    await exporter.shutdown()
    #expect(counted(#"patron_spans_dropped_total{reason="shutdown"}"#) == 10)
    #expect(counted("patron_spans_exported_total") == 0)
  }

  @Test("a collector that fails for a while gets the spans when it recovers")
  func recovers() async throws {
    let collector = Collector { call in
      if call <= 3 { throw RPCError(code: .unavailable) }
      return .init()
    }
    try await collector.serve { target in
      let exporter = exporter(target) { $0.batchSpans = 1 }
      exporter.record(finished(1))
      try await eventually("the span arrives") { collector.spans.count == 1 }
      await exporter.shutdown()
    }
    #expect(counted("patron_spans_exported_total") == 1)
    #expect(counted(#"patron_spans_dropped_total{reason="queue_full"}"#) == 0)
  }

  @Test("spans that the collector does not want are counted and not sent again")
  func rejected() async throws {
    let collector = Collector { call in
      if call == 1 { throw RPCError(code: .invalidArgument, message: "no") }
      return .init(partialSuccess: .init(rejectedSpans: 2, errorMessage: "too old"))
    }
    try await collector.serve { target in
      let exporter = exporter(target) { $0.batchSpans = 4 }
      for number in 1...8 { exporter.record(finished(UInt64(number))) }
      await exporter.shutdown()
    }
    #expect(counted(#"patron_spans_dropped_total{reason="rejected"}"#) == 6)
    #expect(counted("patron_spans_exported_total") == 2)
  }

  @Test("a collector that hangs holds up the end of the process for the time of one call at most")
  func hangs() async throws {
    let gate = Gate()
    let collector = Collector { _ in
      await gate.wait()
      return .init()
    }
    try await collector.serve { target in
      let exporter = exporter(target) {
        $0.batchSpans = 1
        $0.timeout = .milliseconds(50)
      }
      for number in 1...20 { exporter.record(finished(UInt64(number))) }
      await exporter.shutdown()
      #expect(counted(#"patron_spans_dropped_total{reason="shutdown"}"#) == 20)
      gate.open()
    }
  }
}
