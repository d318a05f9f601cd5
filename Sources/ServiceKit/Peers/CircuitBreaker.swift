/// Whether calls to a peer are worth trying: after many failures in a row they are refused at once for a while, so that
/// nobody waits for what will fail and a peer that comes back is not overrun. No I/O.
struct CircuitBreaker: Sendable {
  private enum State: Sendable {
    /// Calls go through. How many of the latest have failed in a row.
    case closed(failures: Int)
    /// Calls are refused until a time.
    case open(until: ContinuousClock.Instant)
    /// One call goes through to find out.
    case trying
  }

  private let failuresMaximum: Int
  private let pause: Duration
  private var state = State.closed(failures: 0)

  /// - Parameters:
  ///   - failuresMaximum: Failures in a row that are borne; one more opens the breaker.
  ///   - pause: How long it stays open before one call tries.
  init(failuresMaximum: Int, pause: Duration) {
    self.failuresMaximum = failuresMaximum
    self.pause = pause
  }

  /// Admits a call, or returns how long to wait.
  mutating func admit(now: ContinuousClock.Instant) -> Duration? {
    switch state {
    case .closed: return nil
    case .trying: return pause
    case .open(let until):
      guard now >= until else { return until - now }
      state = .trying
      return nil
    }
  }

  /// Records that a call reached the peer.
  mutating func succeeded() { state = .closed(failures: 0) }

  /// Records that a call did not.
  mutating func failed(now: ContinuousClock.Instant) {
    switch state {
    case .closed(let failures) where failures < failuresMaximum: state = .closed(failures: failures + 1)
    case .closed, .trying: state = .open(until: now + pause)
    case .open: break
    }
  }

  /// Records that a call ended without telling anything about the peer.
  mutating func learnedNothing() {
    if case .trying = state { state = .open(until: .now) }
  }

  /// Whether calls are refused.
  var isOpen: Bool { if case .closed = state { false } else { true } }
}
