/// Who asked for something, as far as the ledger must know: whether anybody still waits for the answer.
protocol LedgerCaller: Sendable {
  /// Whether the caller has gone.
  var isCancelled: Bool { get }
  /// For how long the caller will still wait; nil for as long as it takes.
  var remainingTime: Duration? { get }
}

/// A request in line; an object, so that a queue and a batch pass it on by reference.
final class WaitingRequest: Sendable {
  /// What is asked.
  let request: LedgerRequest
  /// Since when it waits.
  let since: ContinuousClock.Instant
  /// Gives its answer; to be called once.
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
