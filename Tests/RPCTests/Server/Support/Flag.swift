import Synchronization

/// An event that happens once and can be awaited.
final class Flag: Sendable {
  private enum State {
    case lowered([Int: CheckedContinuation<Void, Never>])
    case raised
  }

  private let state = Mutex(State.lowered([:]))

  var isRaised: Bool {
    state.withLock { if case .raised = $0 { true } else { false } }
  }

  func raise() {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard case .lowered(let waiters) = state else { return [] }
      state = .raised
      return Array(waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isRaised = state.withLock { state in
        guard case .lowered(var waiters) = state else { return true }
        waiters[waiters.count] = continuation
        state = .lowered(waiters)
        return false
      }
      if isRaised { continuation.resume() }
    }
  }

  /// Waits for the current task to be cancelled.
  static func waitForCancellation() async {
    let cancelled = Flag()
    await withTaskCancellationHandler {
      await cancelled.wait()
    } onCancel: {
      cancelled.raise()
    }
  }
}
