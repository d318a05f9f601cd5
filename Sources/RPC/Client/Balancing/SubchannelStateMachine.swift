/// The life of one address of a channel: its attempts to connect, the pauses between them, and its connection.
struct SubchannelStateMachine: Sendable {
  enum State: Sendable, Equatable {
    case idle
    case connecting
    case ready
    /// Pausing after a failed attempt.
    case backingOff
    case shutdown
  }

  private(set) var state = State.idle
  private var backoff: ConnectionBackoff

  init(backoff: BackoffConfiguration) {
    self.backoff = ConnectionBackoff(backoff)
  }

  /// True when an attempt must start now.
  mutating func connect() -> Bool {
    guard state == .idle else { return false }
    state = .connecting
    return true
  }

  /// True when this is news for the balancer; a connection that arrives after shutdown must be closed instead.
  mutating func connected() -> Bool {
    guard state == .connecting else { return false }
    state = .ready
    backoff.reset()
    return true
  }

  /// The pause from now until the address may be tried again, or nil when there is nothing to do. `elapsed` is the time
  /// since the attempt started: the pauses of the specification run from start to start.
  mutating func failed(elapsed: Duration, using random: inout some RandomNumberGenerator) -> Duration? {
    guard state == .connecting else { return nil }
    state = .backingOff
    return max(.zero, backoff.next(using: &random) - elapsed)
  }

  /// True when the address may be tried again.
  mutating func backoffEnded() -> Bool {
    guard state == .backingOff else { return false }
    state = .idle
    return true
  }

  /// The connection was lost or is draining. True when this is news for the balancer.
  mutating func lostConnection() -> Bool {
    guard state == .ready else { return false }
    state = .idle
    return true
  }

  /// The attempt is not wanted any more.
  mutating func abandonAttempt() {
    if state == .connecting { state = .idle }
  }

  mutating func shutDown() {
    state = .shutdown
  }
}
