import OpenTelemetryProto
import RPC

extension CallSpan {
  /// The span as OTLP has it, with attributes by OpenTelemetry's semantic conventions for RPC.
  var otlp: OpentelemetryProtoTraceV1.Span {
    var attributes: [OpentelemetryProtoCommonV1.KeyValue] = [.init("rpc.system", .stringValue("grpc"))]
    if let method {
      attributes.append(.init("rpc.service", .stringValue(method.service)))
      attributes.append(.init("rpc.method", .stringValue(method.name)))
    }
    attributes.append(.init("rpc.grpc.status_code", .intValue(Int64(status.rawValue))))
    var span = OpentelemetryProtoTraceV1.Span()
    span.traceID = Self.bytes(trace.traceID.high) + Self.bytes(trace.traceID.low)
    span.spanID = Self.bytes(trace.spanID)
    span.traceState = trace.state
    span.parentSpanID = trace.parentSpanID == 0 ? [] : Self.bytes(trace.parentSpanID)
    span.name = method?.fullName ?? "other"
    span.kind = side == .server ? .server : .client
    span.startTimeUnixNano = startUnixNanoseconds
    span.endTimeUnixNano = endUnixNanoseconds
    span.attributes = attributes
    span.status = OpentelemetryProtoTraceV1.Status(message: "", code: isError ? .error : .unset)
    span.flags = UInt32(trace.flags)
    return span
  }

  /// Whether the side that recorded the span sees an error: a caller in every status but OK, a server in those that are
  /// its own fault.
  private var isError: Bool {
    switch side {
    case .client: status != .ok
    case .server:
      [.unknown, .deadlineExceeded, .unimplemented, .internalError, .unavailable, .dataLoss].contains(status)
    }
  }

  private static func bytes(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}

extension OpentelemetryProtoCommonV1.KeyValue {
  init(_ key: String, _ value: OpentelemetryProtoCommonV1.AnyValue.OneOfValue) {
    self.init(key: key, value: OpentelemetryProtoCommonV1.AnyValue(value: value))
  }
}

extension OpentelemetryProtoCollectorTraceV1.ExportTraceServiceRequest {
  /// A batch of spans of one service.
  init(_ spans: [CallSpan], service: String, version: String) {
    let resource = OpentelemetryProtoResourceV1.Resource(attributes: [
      .init("service.name", .stringValue(service)), .init("service.version", .stringValue(version)),
    ])
    let scope = OpentelemetryProtoTraceV1.ScopeSpans(
      scope: OpentelemetryProtoCommonV1.InstrumentationScope(name: "patron", version: version),
      spans: spans.map(\.otlp)
    )
    self.init(resourceSpans: [OpentelemetryProtoTraceV1.ResourceSpans(resource: resource, scopeSpans: [scope])])
  }
}
