/// The life of a call above its attempts: created, waiting for a connection, running as one stream or several, waiting
/// again when it is to be sent once more, and ended once by whatever comes first: its status, its deadline or its caller.
struct CallStateMachine: Sendable {
  enum State: Sendable, Equatable {
    case created
    /// Its caller gave up before it reached the event loop.
    case abandoned
    /// Nothing runs until there is a connection.
    case waiting
    /// At least one stream is open.
    case running
    /// Nothing runs until the time of the next attempt.
    case pausing
    case ended
  }

  private enum Phase: Sendable {
    case created
    case abandoned
    case active
    case ended
  }

  private var phase = Phase.created
  private var streams = 0
  /// Another attempt waits for a connection.
  private(set) var isQueued = false
  /// Streams opened so far.
  private(set) var attempts = 0
  /// Response headers arrived, or the request is too large to keep: the running attempt is the last.
  private(set) var isCommitted = false
  private var refusals = 0

  var state: State {
    switch phase {
    case .created: .created
    case .abandoned: .abandoned
    case .active: streams > 0 ? .running : isQueued ? .waiting : .pausing
    case .ended: .ended
    }
  }

  /// Whether an attempt runs or will run as soon as there is a connection.
  var hasAttempt: Bool { streams > 0 || isQueued }

  /// The call reaches its event loop, and waits for a connection. False when its caller gave up before: it must be told
  /// so now.
  mutating func start() -> Bool {
    guard phase == .created else {
      phase = .ended
      return false
    }
    phase = .active
    isQueued = true
    return true
  }

  /// The waiting attempt got its stream.
  mutating func startedAttempt() {
    precondition(phase == .active && isQueued, "An attempt starts from the queue only")
    isQueued = false
    streams += 1
    attempts += 1
  }

  /// Another attempt is to be made. True when the call must be put into the queue for that.
  mutating func queueAttempt() -> Bool {
    guard phase == .active, !isCommitted, !isQueued else { return false }
    isQueued = true
    return true
  }

  /// The waiting attempt is not to be made, or cannot be. True when there was one.
  mutating func leaveQueue() -> Bool {
    defer { isQueued = false }
    return isQueued
  }

  mutating func commit() {
    isCommitted = true
  }

  enum AttemptEndAction: Sendable, Equatable {
    case none
    /// No server handled the request: it is to be sent again, and the caller does not notice.
    case sendAgain
    /// The call's policy decides; without one the call ends as the attempt did.
    case decide
  }

  /// A stream ended. A request that never left is sent again as often as needed; one that a server refused, once:
  /// a second refusal is an answer (gRFC A6, "Transparent Retries").
  mutating func endedAttempt(_ processing: AttemptOutcome.Processing) -> AttemptEndAction {
    guard phase == .active, streams > 0 else { return .none }
    streams -= 1
    if isCommitted { return .decide }
    switch processing {
    case .possible: return .decide
    case .neverSent: return .sendAgain
    case .refused:
      refusals += 1
      return refusals == 1 ? .sendAgain : .decide
    }
  }

  /// A stream was given up in favour of another.
  mutating func cancelledAttempt() {
    streams -= 1
  }

  enum EndAction: Sendable, Equatable {
    case none
    /// Only tell the caller.
    case end
    /// Reset the streams, and tell the caller.
    case endAndReset
  }

  /// The call ends: an attempt decided so, the deadline passed, the caller gave up, or the call failed on this side.
  mutating func end() -> EndAction {
    switch phase {
    case .created, .abandoned:
      phase = .abandoned
      return .none
    case .active:
      phase = .ended
      return streams > 0 ? .endAndReset : .end
    case .ended:
      return .none
    }
  }
}
