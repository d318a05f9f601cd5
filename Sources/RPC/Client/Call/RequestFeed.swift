import Synchronization

/// The request messages of a streaming call, added by one task and sent by the event loop.
///
/// Adding waits while the unsent bytes exceed the budget.
final class RequestFeed: Sendable {
  private struct State: Sendable {
    /// Framed messages that the event loop has not fetched.
    var frames: [[UInt8]] = []
    var isFinished = false
    /// Bytes added and not sent, fetched or not.
    var unsentBytes = 0
    var waiters: [UnsafeContinuation<Void, Never>] = []
    var outcome: AttemptOutcome?
  }

  /// The messages added since the event loop last fetched.
  struct Addition: Sendable {
    var frames: [[UInt8]]
    var isFinished: Bool
  }

  private let state = Mutex(State())
  private let budgetBytes: Int

  init(budgetBytes: Int) {
    self.budgetBytes = budgetBytes
  }

  /// Adds a framed message. Returns false when the call has ended and drops the message. Throws when the call failed.
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

  /// Waits until the unsent bytes are within the budget, or the call has ended.
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

  /// Ends the request messages.
  func finish() {
    state.withLock { $0.isFinished = true }
  }

  /// Fetches what was added. Called on the event loop.
  func take() -> Addition {
    state.withLock { state in
      defer { state.frames = [] }
      return Addition(frames: state.frames, isFinished: state.isFinished)
    }
  }

  /// Records that `bytes` were sent. Called on the event loop.
  func sent(_ bytes: Int) {
    wake { state in
      state.unsentBytes -= bytes
      return !isFull(state)
    }
  }

  /// Records that the call has ended. Called on the event loop.
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
