/// The life of one address of a channel: its attempts to connect, the pauses between them, and how many connections it
/// has. What the balancer sees (``state``) changes with the first connection and the last; those between only give room
/// for more calls.
struct SubchannelStateMachine: Sendable {
  enum State: Sendable, Equatable {
    case idle
    case connecting
    /// There is a connection, and perhaps more are being made.
    case ready
    /// Pausing after a failed attempt.
    case backingOff
    case shutdown
  }

  private(set) var state = State.idle
  /// Those that take calls.
  private(set) var connections = 0
  /// One attempt at a time, for the first connection or a further one.
  private(set) var isAttempting = false
  /// A further connection could not be made, and is not tried for a while.
  private var isGrowthPaused = false
  private let connectionsMaximum: Int
  private var backoff: ConnectionBackoff

  init(backoff: BackoffConfiguration, connectionsMaximum: Int = 1) {
    self.backoff = ConnectionBackoff(backoff)
    self.connectionsMaximum = connectionsMaximum
  }

  /// True when an attempt must start now. An attempt at a further connection that still runs serves as well.
  mutating func connect() -> Bool {
    guard state == .idle else { return false }
    state = .connecting
    isGrowthPaused = false
    defer { isAttempting = true }
    return !isAttempting
  }

  /// Calls wait though there are connections. True when an attempt at one more must start now.
  mutating func grow() -> Bool {
    guard state == .ready, !isAttempting, !isGrowthPaused, connections < connectionsMaximum else { return false }
    isAttempting = true
    return true
  }

  enum ConnectedAction: Sendable, Equatable {
    /// Nobody wants it any more: close it.
    case unwanted
    /// The first connection: news for the balancer.
    case becameReady
    case grew
  }

  mutating func connected() -> ConnectedAction {
    guard isAttempting, state != .shutdown else { return .unwanted }
    isAttempting = false
    connections += 1
    backoff.reset()
    if state == .ready { return .grew }
    state = .ready
    return .becameReady
  }

  struct Failure: Sendable, Equatable {
    /// From now until the address may be tried again.
    var pause: Duration
    /// There is no other connection: news for the balancer.
    var leavesNone: Bool
  }

  /// The attempt failed; nil when there is nothing to do. `elapsed` is the time since it started: the pauses of the
  /// specification run from start to start.
  mutating func failed(elapsed: Duration, using random: inout some RandomNumberGenerator) -> Failure? {
    guard isAttempting, state != .shutdown else { return nil }
    isAttempting = false
    if state == .ready { isGrowthPaused = true } else { state = .backingOff }
    let pause = max(.zero, backoff.next(using: &random) - elapsed)
    return Failure(pause: pause, leavesNone: state == .backingOff)
  }

  enum PauseEndAction: Sendable, Equatable {
    case none
    /// The address may be tried again: news for the balancer.
    case becameIdle
    case mayGrow
  }

  mutating func pauseEnded() -> PauseEndAction {
    if state == .backingOff {
      state = .idle
      return .becameIdle
    }
    defer { isGrowthPaused = false }
    return isGrowthPaused && state == .ready ? .mayGrow : .none
  }

  /// A connection was lost or is draining. True when it was the last: news for the balancer.
  mutating func lostConnection() -> Bool {
    connections -= 1
    guard state == .ready, connections == 0 else { return false }
    state = .idle
    return true
  }

  /// The attempt is not wanted any more. True when there was one.
  mutating func abandonAttempt() -> Bool {
    if state == .connecting { state = .idle }
    defer { isAttempting = false }
    return isAttempting
  }

  mutating func shutDown() {
    state = .shutdown
  }
}
