/// What the answers of `grpc.health.v1.Health/Watch` mean for an address (grpc/grpc doc/health-checking.md, "Client
/// Behavior"), without streams and timers.
struct HealthCheck: Sendable {
  enum Action: Sendable {
    /// The address gets calls.
    case healthy
    /// It gets none for now; the stream goes on.
    case unhealthy(RPCError)
    /// It gets none, and is asked again after a pause.
    case retry(after: Duration, RPCError)
    /// The server has no health service: it counts as healthy and is not asked again.
    case unsupported
  }

  private let service: String
  private let peer: String
  private var backoff: ConnectionBackoff
  private var hasAnswered = false

  init(service: String, peer: String, backoff: BackoffConfiguration) {
    self.service = service
    self.peer = peer
    self.backoff = ConnectionBackoff(backoff)
  }

  /// A stream begins.
  mutating func began() {
    hasAnswered = false
  }

  mutating func received(_ status: ServingStatus) -> Action {
    hasAnswered = true
    backoff.reset()
    if status == .serving { return .healthy }
    let name = service.isEmpty ? "itself" : "the service \(service)"
    return .unhealthy(RPCError(.unavailable, .unhealthy, "the server at \(peer) reports \(name) as \(status)"))
  }

  /// The stream ended. After an answer it starts again at once; one that ends without any is a server in trouble.
  mutating func ended(_ outcome: AttemptOutcome, using random: inout some RandomNumberGenerator) -> Action {
    if outcome.code == .unimplemented { return .unsupported }
    let pause = hasAnswered ? .zero : backoff.next(using: &random)
    let message = "the server at \(peer) does not say whether it is healthy: \(outcome.error?.description ?? "OK")"
    return .retry(after: pause, RPCError(.unavailable, .unhealthy, message, cause: outcome.error))
  }
}
