/// The life of a call above its attempts: created, waiting for a connection, running as one stream or several, waiting
/// again before a repetition, and ended once by its status, its deadline or its caller, whichever is first.
struct CallStateMachine: Sendable {
  enum State: Sendable, Equatable {
    case created
    /// The caller gave up before the call reached the event loop.
    case abandoned
    /// Waiting for a connection.
    case waiting
    /// At least one stream is open.
    case running
    /// Waiting for the time of the next attempt.
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
  /// Whether another attempt waits for a connection.
  private(set) var isQueued = false
  /// Streams opened so far.
  private(set) var attempts = 0
  /// Whether the running attempt is the last: its response headers arrived, or the request is too large to store.
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

  /// Starts the call on its event loop; it waits for a connection. Returns false when its caller gave up before, which
  /// must be reported now.
  mutating func start() -> Bool {
    guard phase == .created else {
      phase = .ended
      return false
    }
    phase = .active
    isQueued = true
    return true
  }

  /// Records that the waiting attempt has a stream.
  mutating func startedAttempt() {
    precondition(phase == .active && isQueued, "An attempt starts from the queue only")
    isQueued = false
    streams += 1
    attempts += 1
  }

  /// Requests another attempt. Returns whether the call must be queued for it.
  mutating func queueAttempt() -> Bool {
    guard phase == .active, !isCommitted, !isQueued else { return false }
    isQueued = true
    return true
  }

  /// Cancels the waiting attempt. Returns whether there was one.
  mutating func leaveQueue() -> Bool {
    defer { isQueued = false }
    return isQueued
  }

  mutating func commit() {
    isCommitted = true
  }

  enum AttemptEndAction: Sendable, Equatable {
    case none
    /// No server handled the request: repeat it without notifying the caller.
    case sendAgain
    /// The call's policy decides. Without one the call ends with the attempt's status.
    case decide
  }

  /// Records the end of a stream. A request that was never sent is repeated as often as needed, one that a server
  /// refused once: a second refusal is the answer (gRFC A6, "Transparent Retries").
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

  /// Records that a stream was abandoned in favour of another.
  mutating func cancelledAttempt() {
    streams -= 1
  }

  enum EndAction: Sendable, Equatable {
    case none
    /// Only report to the caller.
    case end
    /// Reset the streams and report to the caller.
    case endAndReset
  }

  /// Ends the call, because of an attempt's status, the deadline, the caller, or a local failure.
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
