public import GRPCProto
public import RPC

/// The health protocol of gRPC (grpc/grpc doc/health-checking.md): every service of the process serves as long as the
/// process is ready.
public final class HealthService: Sendable {
  private let serviceNames: Set<String>
  private let readiness: Readiness
  private let changes = ChangeSignal()

  /// Health of these services; the empty name, which stands for the whole server, is always known.
  public init(serviceNames: [String], readiness: Readiness) {
    self.serviceNames = Set(serviceNames + [""])
    self.readiness = readiness
    readiness.observe { [changes] _ in changes.announce() }
  }

  private var response: GrpcHealthV1.HealthCheckResponse {
    GrpcHealthV1.HealthCheckResponse(status: readiness.isReady ? .serving : .notServing)
  }
}

extension HealthService: GrpcHealthV1.Health {
  /// Answers for one service.
  public func check(
    _ request: GrpcHealthV1.HealthCheckRequest,
    context: ServerContext
  ) async throws -> GrpcHealthV1.HealthCheckResponse {
    guard serviceNames.contains(request.service) else {
      let info = ErrorInfo(reason: "SERVICE_UNKNOWN", domain: RuntimeReason.domain)
      throw RPCError(code: .notFound, message: "the service is not served here", details: [.errorInfo(info)])
    }
    return response
  }

  /// Answers for all services.
  public func list(
    _ request: GrpcHealthV1.HealthListRequest,
    context: ServerContext
  ) async throws -> GrpcHealthV1.HealthListResponse {
    let response = response
    return GrpcHealthV1.HealthListResponse(
      statuses: Dictionary(uniqueKeysWithValues: serviceNames.map { ($0, response) })
    )
  }

  /// Answers now and at every change, until the service stops.
  public func watch(
    _ request: GrpcHealthV1.HealthCheckRequest,
    responses: ResponseWriter<GrpcHealthV1.HealthCheckResponse>,
    context: ServerContext
  ) async throws {
    let isKnown = serviceNames.contains(request.service)
    let drain = context.drain
    let observer = drain?.onBegin { [changes] in changes.announce() }
    defer { if let observer { drain?.remove(observer) } }
    var last: GrpcHealthV1.HealthCheckResponse?
    while !Task.isCancelled {
      let seen = changes.generation
      let now = isKnown ? response : GrpcHealthV1.HealthCheckResponse(status: .serviceUnknown)
      if now != last { try await responses.write(now) }
      last = now
      if drain?.hasBegun == true { throw Drain.ended }
      await changes.wait(since: seen)
    }
  }
}
