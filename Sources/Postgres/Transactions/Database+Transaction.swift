import Basics

extension Database {
  /// Runs `body` in a transaction. Commits when it returns, rolls back when it throws.
  ///
  /// Holds a connection from the first statement to the end. Cancelling the task does not stop the commit.
  ///
  /// - Parameters:
  ///   - options: Isolation, read-only access, and the number of attempts.
  ///   - deadline: When every statement and the commit must have ended. When nil, `queryTimeout` applies to each of
  ///     them.
  ///   - body: Runs the statements. Repeated as `options.attempts` allows.
  /// - Throws: What `body` throws, or a ``PostgresError`` of the commit: ``PostgresError/Kind/outcomeUnknown`` when the
  ///   connection broke during it.
  @discardableResult
  public func transaction<Value>(
    _ options: TransactionOptions = TransactionOptions(),
    deadline: ContinuousClock.Instant? = nil,
    _ body: (Transaction) async throws -> Value
  ) async throws -> Value {
    var attempt = 1
    while true {
      let transaction = Transaction(self, options: options, deadline: deadline)
      do {
        let value = try await body(transaction)
        try await transaction.finish()
        return value
      } catch {
        await transaction.abandon(after: error)
        guard attempt < options.attempts, transaction.isDoomedByTiming, !Task.isCancelled else { throw error }
        try await Task.sleep(for: options.retry.wait(after: attempt, chance: driver.randomness()))
        attempt += 1
      }
    }
  }
}
