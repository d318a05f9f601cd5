import Basics

/// The life of one address of a channel: its attempts to connect, the pauses between them, and its number of
/// connections. The balancer's view (``state``) changes with the first connection and with the last. The others only
/// add capacity for calls.
struct SubchannelStateMachine: Sendable {
  enum State: Sendable, Equatable {
    case idle
    case connecting
    /// Connected. More connections may be in progress.
    case ready
    /// Pausing after a failed attempt.
    case backingOff
    case shutdown
  }

  private(set) var state = State.idle
  /// Connections that accept calls.
  private(set) var connections = 0
  /// Whether an attempt is in progress, for the first connection or a further one.
  private(set) var isAttempting = false
  /// Whether a further connection failed, so that none is tried for a while.
  private var isGrowthPaused = false
  private let connectionsMaximum: Int
  private var backoff: Backoff

  init(backoff: BackoffConfiguration, connectionsMaximum: Int = 1) {
    self.backoff = Backoff(backoff)
    self.connectionsMaximum = connectionsMaximum
  }

  /// Starts connecting. Returns whether an attempt must start now; an attempt for a further connection serves too.
  mutating func connect() -> Bool {
    guard state == .idle else { return false }
    state = .connecting
    isGrowthPaused = false
    defer { isAttempting = true }
    return !isAttempting
  }

  /// Requests a further connection for waiting calls. Returns whether an attempt must start now.
  mutating func grow() -> Bool {
    guard state == .ready, !isAttempting, !isGrowthPaused, connections < connectionsMaximum else { return false }
    isAttempting = true
    return true
  }

  enum ConnectedAction: Sendable, Equatable {
    /// The connection is no longer wanted: close it.
    case unwanted
    /// The first connection: notify the balancer.
    case becameReady
    case grew
  }

  mutating func connected() -> ConnectedAction {
    guard isAttempting, state != .shutdown else { return .unwanted }
    isAttempting = false
    connections += 1
    backoff.succeeded()
    if state == .ready { return .grew }
    state = .ready
    return .becameReady
  }

  struct Failure: Sendable, Equatable {
    /// The time until the next attempt.
    var pause: Duration
    /// Whether there is no other connection: notify the balancer.
    var leavesNone: Bool
  }

  /// Records a failed attempt. Returns nil when there is nothing to do. `elapsed` is the time since the attempt
  /// started, because the pauses of the specification run from start to start.
  mutating func failed(elapsed: Duration, using random: inout some RandomNumberGenerator) -> Failure? {
    guard isAttempting, state != .shutdown else { return nil }
    isAttempting = false
    if state == .ready { isGrowthPaused = true } else { state = .backingOff }
    let pause = max(.zero, backoff.failed(using: &random) - elapsed)
    return Failure(pause: pause, leavesNone: state == .backingOff)
  }

  enum PauseEndAction: Sendable, Equatable {
    case none
    /// The address may be tried again: notify the balancer.
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

  /// Records a lost or draining connection. Returns whether it was the last: notify the balancer.
  mutating func lostConnection() -> Bool {
    connections -= 1
    guard state == .ready, connections == 0 else { return false }
    state = .idle
    return true
  }

  /// Abandons the attempt. Returns whether there was one.
  mutating func abandonAttempt() -> Bool {
    if state == .connecting { state = .idle }
    defer { isAttempting = false }
    return isAttempting
  }

  mutating func shutDown() {
    state = .shutdown
  }
}
