import Synchronization

/// The request messages of a streaming call between one task, which adds, and the event loop, which sends them.
///
/// Adding waits while the bytes that are not on the wire yet exceed the budget.
final class RequestFeed: Sendable {
  private struct State: Sendable {
    /// Framed messages that the event loop has not fetched.
    var frames: [[UInt8]] = []
    var isFinished = false
    /// Added and not on the wire, fetched or not.
    var unsentBytes = 0
    var waiters: [UnsafeContinuation<Void, Never>] = []
    var outcome: AttemptOutcome?
  }

  /// What the task added since the event loop last asked.
  struct Addition: Sendable {
    var frames: [[UInt8]]
    var isFinished: Bool
  }

  private let state = Mutex(State())
  private let budgetBytes: Int

  init(budgetBytes: Int) {
    self.budgetBytes = budgetBytes
  }

  /// Adds a framed message. False when the call is over, and it was dropped; the error is thrown when the call failed.
  func add(_ frame: [UInt8]) throws -> Bool {
    let outcome = state.withLock { state in
      if state.outcome == nil, !state.isFinished {
        state.frames.append(frame)
        state.unsentBytes += frame.count
      }
      return state.outcome
    }
    if let error = outcome?.error { throw error }
    return outcome == nil
  }

  /// Waits until the bytes added are within the budget again, or the call is over.
  func waitForRoom() async {
    guard state.withLock({ isFull($0) }) else { return }
    await withUnsafeContinuation { continuation in
      let mustWait = state.withLock { state in
        guard isFull(state) else { return false }
        state.waiters.append(continuation)
        return true
      }
      if !mustWait { continuation.resume() }
    }
  }

  private func isFull(_ state: borrowing State) -> Bool {
    state.unsentBytes > budgetBytes && state.outcome == nil
  }

  /// No more messages follow.
  func finish() {
    state.withLock { $0.isFinished = true }
  }

  /// On the event loop: fetches what was added.
  func take() -> Addition {
    state.withLock { state in
      defer { state.frames = [] }
      return Addition(frames: state.frames, isFinished: state.isFinished)
    }
  }

  /// On the event loop: so many bytes are on the wire.
  func sent(_ bytes: Int) {
    wake { state in
      state.unsentBytes -= bytes
      return !isFull(state)
    }
  }

  /// On the event loop: the call is over.
  func ended(_ outcome: AttemptOutcome) {
    wake { state in
      state.outcome = outcome
      state.frames = []
      return true
    }
  }

  private func wake(_ change: (inout State) -> Bool) {
    let waiters = state.withLock { state -> [UnsafeContinuation<Void, Never>] in
      guard change(&state) else { return [] }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}
