import Synchronization

/// The receipts of a stream that are under way, in order, at most `limit`.
final class OrderWindow: Sendable {
  private struct State: Sendable {
    var room: Int
    /// Whether a place was given to a receipt that has not been added yet.
    var isReserved = false
    var isClosed = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  /// What is under way, first come first. Ends when no more will be added.
  let orders: AsyncStream<SubmittedOrder>
  private let arrival: AsyncStream<SubmittedOrder>.Continuation
  private let state: Mutex<State>

  init(limit: Int) {
    (orders, arrival) = AsyncStream.makeStream()
    state = Mutex(State(room: limit))
  }

  /// Returns once another receipt may begin; it has to be added then. One task may wait.
  ///
  /// - Throws: `CancellationError` if no more may begin.
  func reserve() async throws {
    while try !tryToReserve() {
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let isReady = state.withLock { state in
            if state.room > 0 || state.isClosed || Task.isCancelled { return true }
            state.waiting = continuation
            return false
          }
          if isReady { continuation.resume() }
        }
      } onCancel: {
        wake()
      }
    }
  }

  private func tryToReserve() throws -> Bool {
    try Task.checkCancellation()
    return try state.withLock { state in
      if state.isClosed { throw CancellationError() }
      guard state.room > 0 else { return false }
      state.room -= 1
      state.isReserved = true
      return true
    }
  }

  /// Adds a receipt that is under way to the place that was reserved.
  func append(_ order: SubmittedOrder) {
    arrival.yield(order)
    let isLast = state.withLock { state in
      state.isReserved = false
      return state.isClosed
    }
    if isLast { arrival.finish() }
  }

  /// Makes room for another receipt: one has been answered.
  func makeRoom() {
    state.withLock { $0.room += 1 }
    wake()
  }

  /// Closes the window: no more receipts begin.
  func close() {
    let isOver = state.withLock { state in
      state.isClosed = true
      return !state.isReserved
    }
    if isOver { arrival.finish() }
    wake()
  }

  private func wake() {
    let waiting = state.withLock { state in
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }
}
