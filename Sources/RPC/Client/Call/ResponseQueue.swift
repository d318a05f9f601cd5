import Synchronization

/// The responses of a streaming call between the event loop, which adds, and one task, which takes them in batches.
///
/// It holds no more than the stream's flow-control window (and one message): the peer gets credit for what was taken.
final class ResponseQueue: ResponseReceiver, Sendable {
  /// What had arrived when the task asked.
  struct Batch: Sendable {
    var messages: [FrameReader.Message] = []
    /// The flow control to return once the messages were taken.
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
    // In one step: a task that saw the end without its outcome would take a failed call for a complete one.
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

  /// Waits until there is something. The batch after the last is empty.
  func next() async -> Batch {
    if let batch = state.withLock({ $0.readyBatch() }) { return batch }
    return await withUnsafeContinuation { continuation in
      let batch = state.withLock { state -> Batch? in
        if let batch = state.readyBatch() { return batch }
        // Two tasks reading one stream is a mistake; each response goes to one of them, and none is left waiting.
        if state.batchWaiter != nil { return Batch() }
        state.batchWaiter = continuation
        return nil
      }
      if let batch { continuation.resume(returning: batch) }
    }
  }

  /// The response headers; nil when the call ended without any.
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

  /// The trailers; nil while the call runs.
  var trailers: Metadata? { state.withLock { $0.trailers } }
}
