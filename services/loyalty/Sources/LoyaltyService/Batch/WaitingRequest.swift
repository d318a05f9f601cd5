import Basics
import Synchronization

/// The caller of a request, as far as the ledger must know: whether anybody still waits for the answer.
protocol LedgerCaller: Sendable {
  /// Whether the caller has gone.
  var isCancelled: Bool { get }
  /// For how long the caller will still wait; nil for as long as it takes.
  var remainingTime: Duration? { get }
}

/// A request in the queue; an object, so that a queue and a batch pass it on by reference.
final class WaitingRequest: Sendable {
  /// What is asked.
  let request: LedgerRequest
  /// Since when it waits.
  let since: ContinuousClock.Instant
  /// Answers it. Called once.
  let answer: @Sendable (Result<LedgerAnswer, any Error>) -> Void
  private let caller: (any LedgerCaller)?
  private let deadline: ContinuousClock.Instant?

  init(
    _ request: LedgerRequest,
    for caller: (any LedgerCaller)?,
    _ answer: @escaping @Sendable (Result<LedgerAnswer, any Error>) -> Void
  ) {
    self.request = request
    self.caller = caller
    self.answer = answer
    since = .now
    deadline = caller?.remainingTime.map { [since] in since + $0 }
  }

  /// Whether nobody waits for the answer any more at `now`.
  func isAbandoned(at now: ContinuousClock.Instant) -> Bool {
    if let deadline, deadline < now { return true }
    return caller?.isCancelled ?? false
  }
}

/// The answer to a request in the queue. One task may wait for it.
final class PendingAnswer: Sendable {
  private enum State: Sendable {
    case open
    case awaited(UnsafeContinuation<LedgerAnswer, any Error>)
    case set(Result<LedgerAnswer, any Error>)
  }

  private let state = Mutex(State.open)

  /// Sets the answer. The first one counts.
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

  /// Waits for the answer. Precondition: read once.
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
