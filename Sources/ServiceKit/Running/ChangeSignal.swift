import Synchronization

/// Wakes tasks that wait for something to change. A change is never lost: whoever saw an older generation returns at
/// once.
final class ChangeSignal: Sendable {
  private struct State {
    var generation: UInt64 = 0
    var lastWaiter: UInt64 = 0
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    /// Waiters that were cancelled before they began to wait.
    var cancelled: Set<UInt64> = []
  }

  private let state = Mutex(State())

  /// Grows with each change.
  var generation: UInt64 { state.withLock { $0.generation } }

  /// Something changed.
  func announce() {
    let waiters = state.withLock { state in
      state.generation += 1
      defer { state.waiters.removeAll() }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Returns when there was a change since `seen`, when the time is over, or when the task is cancelled.
  func wait(since seen: UInt64, atMost limit: Duration? = nil) async {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    let timer = limit.map { limit in
      Task { [weak self] in
        try await Task.sleep(for: limit)
        self?.wake(id)
      }
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.generation != seen || state.cancelled.contains(id) { return true }
          state.waiters[id] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      wake(id)
    }
    timer?.cancel()
    state.withLock { _ = $0.cancelled.remove(id) }
  }

  private func wake(_ id: UInt64) {
    let waiter = state.withLock { state in
      let waiter = state.waiters.removeValue(forKey: id)
      if waiter == nil { state.cancelled.insert(id) }
      return waiter
    }
    waiter?.resume()
  }
}
