import Synchronization

/// The answer to a request that is in line; one may wait for it.
final class PendingAnswer: Sendable {
  private enum State: Sendable {
    case open
    case awaited(UnsafeContinuation<LedgerAnswer, any Error>)
    case set(Result<LedgerAnswer, any Error>)
  }

  private let state = Mutex(State.open)

  /// Gives the answer. The first one counts.
  func set(_ answer: Result<LedgerAnswer, any Error>) {
    let waiting: UnsafeContinuation<LedgerAnswer, any Error>? = state.withLock { state in
      switch state {
      case .set: return nil
      case .open:
        state = .set(answer)
        return nil
      case .awaited(let continuation):
        state = .set(answer)
        return continuation
      }
    }
    waiting?.resume(with: answer)
  }

  /// The answer, as soon as it is given. To be asked for once.
  ///
  /// - Throws: what the ledger answers with; `CancellationError` if the task is cancelled before that.
  var value: LedgerAnswer {
    get async throws {
      try await withTaskCancellationHandler {
        try await withUnsafeThrowingContinuation { continuation in
          let answer: Result<LedgerAnswer, any Error>? = state.withLock { state in
            if case .set(let answer) = state { return answer }
            state = .awaited(continuation)
            return nil
          }
          if let answer { continuation.resume(with: answer) }
        }
      } onCancel: {
        set(.failure(CancellationError()))
      }
    }
  }
}
