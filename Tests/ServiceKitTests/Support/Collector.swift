import Logging
import OpenTelemetryProto
import RPC
import Synchronization

/// A collector that stores the spans it receives, unless a test changes that.
final class Collector: OpentelemetryProtoCollectorTraceV1.TraceService {
  typealias Request = OpentelemetryProtoCollectorTraceV1.ExportTraceServiceRequest
  typealias Response = OpentelemetryProtoCollectorTraceV1.ExportTraceServiceResponse

  private let taken = Mutex<[Request]>([])
  private let calls = Atomic(0)
  private let answer: @Sendable (Int) async throws -> Response

  /// - Parameter answer: Gets the number of the call, from 1. When it throws, nothing is stored.
  init(answer: @escaping @Sendable (Int) async throws -> Response = { _ in Response() }) {
    self.answer = answer
  }

  var requests: [Request] { taken.withLock { $0 } }
  var spans: [OpentelemetryProtoTraceV1.Span] {
    requests.flatMap(\.resourceSpans).flatMap(\.scopeSpans).flatMap(\.spans)
  }

  func export(_ request: Request, context: ServerContext) async throws -> Response {
    let response = try await answer(calls.wrappingAdd(1, ordering: .relaxed).newValue)
    taken.withLock { $0.append(request) }
    return response
  }

  /// Runs `body` with the collector's address.
  func serve(_ body: (ChannelTarget) async throws -> Void) async throws {
    try await withServer([self]) { try await body($0) }
  }
}

/// Runs `body` with the address of a server.
func withServer(
  _ services: [any RegistrableService],
  interceptors: [any ServerInterceptor] = [],
  _ body: (ChannelTarget) async throws -> Void
) async throws {
  let server = Server(
    configuration: ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
    services: services,
    interceptors: interceptors,
    logger: .silent
  )
  let addresses = try await server.start()
  do {
    try await body(ChannelTarget(parsing: "\(addresses[0])"))
  } catch {
    await server.shutdown(grace: .zero)
    throw error
  }
  await server.shutdown(grace: .zero)
}
