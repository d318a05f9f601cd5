import Synchronization

/// The receipts of a stream that are under way, in order, at most so many.
final class OrderWindow: Sendable {
  private struct State: Sendable {
    var room: Int
    var waiting: CheckedContinuation<Void, Never>?
  }

  /// What is under way, first come first.
  let orders: AsyncStream<SubmittedOrder>
  private let arrival: AsyncStream<SubmittedOrder>.Continuation
  private let state: Mutex<State>

  init(limit: Int) {
    (orders, arrival) = AsyncStream.makeStream()
    state = Mutex(State(room: limit))
  }

  /// Returns once another may be added. One task may wait.
  func waitForRoom() async throws {
    try Task.checkCancellation()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let hasRoom = state.withLock { state in
          if state.room > 0 || Task.isCancelled { return true }
          state.waiting = continuation
          return false
        }
        if hasRoom { continuation.resume() }
      }
    } onCancel: {
      wake()
    }
    try Task.checkCancellation()
  }

  /// Adds one that is under way.
  func append(_ order: SubmittedOrder) {
    state.withLock { $0.room -= 1 }
    arrival.yield(order)
  }

  /// Notes that one has been answered.
  func makeRoom() {
    state.withLock { $0.room += 1 }
    wake()
  }

  /// Says that no more will be added.
  func finish() {
    arrival.finish()
  }

  private func wake() {
    let waiting = state.withLock { state in
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }
}
