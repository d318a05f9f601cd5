import Synchronization

/// The responses of a streaming call, added by the event loop and read in batches by one task.
///
/// Holds at most the stream's flow-control window and one message, because the peer gets credit for what was read.
final class ResponseQueue: ResponseReceiver, Sendable {
  /// The responses that had arrived when the task read.
  struct Batch: Sendable {
    var messages: [FrameReader.Message] = []
    /// The flow-control credit to return once the messages were read.
    var credit = 0
    /// Set in the last batch.
    var outcome: AttemptOutcome?

    var isEmpty: Bool { messages.isEmpty && outcome == nil }
  }

  private struct State: Sendable {
    var headers: Metadata?
    var batch = Batch()
    var batchWaiter: UnsafeContinuation<Batch, Never>?
    var headersWaiters: [UnsafeContinuation<Void, Never>] = []
    var trailers: Metadata?
    var isEnded = false

    mutating func readyBatch() -> Batch? {
      isEnded || !batch.isEmpty ? takeBatch() : nil
    }

    mutating func takeBatch() -> Batch {
      defer { batch = Batch() }
      return batch
    }

    mutating func takeHeadersWaiters() -> [UnsafeContinuation<Void, Never>] {
      defer { headersWaiters = [] }
      return headersWaiters
    }
  }

  private let state = Mutex(State())

  func receivedHeaders(_ metadata: Metadata) {
    let waiters = state.withLock { state in
      state.headers = metadata
      return state.takeHeadersWaiters()
    }
    for waiter in waiters { waiter.resume() }
  }

  func received(_ message: FrameReader.Message, credit: Int) {
    deliver { state in
      state.batch.messages.append(message)
      state.batch.credit += credit
    }
  }

  func ended(_ outcome: AttemptOutcome) {
    // In one step, because a task that saw the end without its outcome would take a failed call for a complete one.
    let waiters = deliver { state in
      state.trailers = outcome.trailers
      state.isEnded = true
      state.batch.outcome = outcome
      return state.takeHeadersWaiters()
    }
    for waiter in waiters { waiter.resume() }
  }

  private func deliver<Value: Sendable>(_ change: (inout State) -> Value) -> Value {
    let (value, waiter, batch) = state.withLock { state in
      let value = change(&state)
      guard let waiter = state.batchWaiter else {
        return (value, nil, Batch()) as (Value, UnsafeContinuation<Batch, Never>?, Batch)
      }
      state.batchWaiter = nil
      return (value, waiter, state.takeBatch())
    }
    waiter?.resume(returning: batch)
    return value
  }

  /// Waits for a batch. The batch after the last is empty.
  func next() async -> Batch {
    if let batch = state.withLock({ $0.readyBatch() }) { return batch }
    return await withUnsafeContinuation { continuation in
      let batch = state.withLock { state -> Batch? in
        if let batch = state.readyBatch() { return batch }
        // Reading one stream from two tasks is an error. Each response goes to one of them, and none waits for ever.
        if state.batchWaiter != nil { return Batch() }
        state.batchWaiter = continuation
        return nil
      }
      if let batch { continuation.resume(returning: batch) }
    }
  }

  /// Waits for the response headers. Returns nil when the call ended without any.
  func headers() async -> Metadata? {
    await withUnsafeContinuation { continuation in
      let isKnown = state.withLock { state in
        if state.headers != nil || state.isEnded { return true }
        state.headersWaiters.append(continuation)
        return false
      }
      if isKnown { continuation.resume() }
    }
    return state.withLock { $0.headers }
  }

  /// The trailers, nil while the call runs.
  var trailers: Metadata? { state.withLock { $0.trailers } }
}
