import Basics

/// Interprets the answers of `grpc.health.v1.Health/Watch` for an address (grpc/grpc doc/health-checking.md, "Client
/// Behavior"), without streams and timers.
struct HealthCheck: Sendable {
  enum Action: Sendable {
    /// The address gets calls.
    case healthy
    /// The address gets no calls for now. The stream continues.
    case unhealthy(RPCError)
    /// The address gets no calls, and is checked again after a pause.
    case retry(after: Duration, RPCError)
    /// The server has no health service. It counts as healthy and is not checked again.
    case unsupported
  }

  private let service: String
  private let peer: String
  private var backoff: Backoff
  private var hasAnswered = false

  init(service: String, peer: String, backoff: BackoffConfiguration) {
    self.service = service
    self.peer = peer
    self.backoff = Backoff(backoff)
  }

  /// Starts a stream.
  mutating func began() {
    hasAnswered = false
  }

  mutating func received(_ status: ServingStatus) -> Action {
    hasAnswered = true
    backoff.succeeded()
    if status == .serving { return .healthy }
    let name = service.isEmpty ? "itself" : "the service \(service)"
    return .unhealthy(RPCError(.unavailable, .unhealthy, "the server at \(peer) reports \(name) as \(status)"))
  }

  /// Handles the end of the stream. After an answer it restarts at once; a stream that ends without any is a failure.
  mutating func ended(_ outcome: AttemptOutcome, using random: inout some RandomNumberGenerator) -> Action {
    if outcome.code == .unimplemented { return .unsupported }
    let pause = hasAnswered ? .zero : backoff.failed(using: &random)
    let message = "the server at \(peer) does not say whether it is healthy: \(outcome.error?.description ?? "OK")"
    return .retry(after: pause, RPCError(.unavailable, .unhealthy, message, cause: outcome.error))
  }
}
