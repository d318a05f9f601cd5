import Metrics
import RPC
import Synchronization

/// Keeps one slow or dead peer from taking everything a service has: bounds the unary calls that wait for it (a bulkhead),
/// and stops calling it for a while after many failures (``CircuitBreaker``).
final class PeerGuard: ClientInterceptor {
  private struct State: Sendable {
    var breaker: CircuitBreaker
    var calls = 0
  }

  private let peer: String
  private let callsMaximum: Int
  private let refused: Counter
  private let state: Mutex<State>

  /// A deadline that was shorter says nothing about the peer.
  private static let fairTime = Duration.seconds(1)

  init(_ settings: PeerSettings, factory: any MetricsFactory) {
    peer = settings.peer
    callsMaximum = settings.callsMaximum
    refused = Counter(label: "peer_calls_refused", dimensions: [("peer", settings.peer)], factory: factory)
    state = Mutex(
      State(breaker: CircuitBreaker(failuresMaximum: settings.failuresMaximum, pause: settings.failurePause))
    )
  }

  func intercept<Result: Sendable>(
    _ call: OutgoingCall,
    next: (OutgoingCall) async throws -> Result
  ) async throws -> Result {
    guard call.method.kind == .unary else { return try await next(call) }
    let start = ContinuousClock.now
    try admit(start)
    do {
      let result = try await next(call)
      state.withLock { state in
        state.calls -= 1
        state.breaker.succeeded()
      }
      return result
    } catch {
      ended(with: error, after: .now - start)
      throw error
    }
  }

  private func admit(_ now: ContinuousClock.Instant) throws {
    let wait = state.withLock { state -> Duration? in
      if state.calls >= callsMaximum { return Self.fairTime }
      if let wait = state.breaker.admit(now: now) { return wait }
      state.calls += 1
      return nil
    }
    guard let wait else { return }
    refused.increment()
    var error = CommonReason.peerUnavailable.error(domain: CommonReason.domain, metadata: ["service": peer])
    error.details.append(.retryInfo(RetryInfo(retryDelay: wait)))
    throw error
  }

  private func ended(with error: any Error, after time: Duration) {
    state.withLock { state in
      state.calls -= 1
      switch (error as? RPCError)?.code {
      case .unavailable?: state.breaker.failed(now: .now)
      case .deadlineExceeded?:
        if time >= Self.fairTime { state.breaker.failed(now: .now) } else { state.breaker.learnedNothing() }
      case .cancelled?, nil: state.breaker.learnedNothing()
      default: state.breaker.succeeded()
      }
    }
  }
}
