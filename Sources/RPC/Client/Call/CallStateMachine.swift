/// The life of a call above its attempts: created, waiting for a connection, running as a stream, waiting again when a
/// server provably did not handle it, and ended once by whatever comes first: its status, its deadline or its caller.
struct CallStateMachine: Sendable {
  enum State: Sendable, Equatable {
    case created
    /// Its caller gave up before it reached the event loop.
    case abandoned
    case waiting
    case running
    case ended
  }

  private(set) var state = State.created
  /// Attempts started, the running one included.
  private(set) var attempts = 0
  /// Response headers arrived, or the request is too large to keep: the running attempt is the last.
  private(set) var isCommitted = false
  private var refusals = 0

  /// The call reaches its event loop. False when its caller gave up before: it must be told so now.
  mutating func start() -> Bool {
    defer { state = state == .created ? .waiting : .ended }
    return state == .created
  }

  mutating func startedAttempt() {
    precondition(state == .waiting, "An attempt starts from the queue only")
    state = .running
    attempts += 1
  }

  mutating func commit() {
    isCommitted = true
  }

  enum AttemptEndAction: Sendable, Equatable {
    case none
    /// Wait for a connection again; the caller does not notice.
    case wait
    /// The call ends as the attempt did.
    case end
  }

  /// The stream ended. A request that never left is sent again as often as needed; one that a server refused, once:
  /// a second refusal is an answer (gRFC A6, "Transparent Retries").
  mutating func endedAttempt(_ processing: AttemptOutcome.Processing) -> AttemptEndAction {
    guard state == .running else { return .none }
    let isRepeated =
      switch processing {
      case .possible: false
      case .refused: !isCommitted && refusals == 0
      case .neverSent: !isCommitted
      }
    guard isRepeated else {
      state = .ended
      return .end
    }
    if processing == .refused { refusals += 1 }
    state = .waiting
    return .wait
  }

  enum EndAction: Sendable, Equatable {
    case none
    /// Only tell the caller.
    case end
    /// Reset the stream, and tell the caller.
    case endAndReset
  }

  /// The deadline passed, the caller gave up, or the call failed on this side.
  mutating func end() -> EndAction {
    switch state {
    case .created, .abandoned:
      state = .abandoned
      return .none
    case .waiting:
      state = .ended
      return .end
    case .running:
      state = .ended
      return .endAndReset
    case .ended:
      return .none
    }
  }
}
