import Synchronization

/// The answer to a request that is in line; one may wait for it.
final class PendingAnswer: Sendable {
  private enum State: Sendable {
    case open
    case awaited(UnsafeContinuation<LedgerAnswer, any Error>)
    case set(Result<LedgerAnswer, any Error>)
  }

  private let state = Mutex(State.open)

  /// Gives the answer; once.
  func set(_ answer: Result<LedgerAnswer, any Error>) {
    let waiting: UnsafeContinuation<LedgerAnswer, any Error>? = state.withLock { state in
      defer { state = .set(answer) }
      guard case .awaited(let continuation) = state else { return nil }
      return continuation
    }
    waiting?.resume(with: answer)
  }

  /// The answer, as soon as it is given. To be asked for once.
  var value: LedgerAnswer {
    get async throws {
      try await withUnsafeThrowingContinuation { continuation in
        let answer: Result<LedgerAnswer, any Error>? = state.withLock { state in
          if case .set(let answer) = state { return answer }
          state = .awaited(continuation)
          return nil
        }
        if let answer { continuation.resume(with: answer) }
      }
    }
  }
}
