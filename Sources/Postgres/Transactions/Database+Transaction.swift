extension Database {
  /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
  ///
  /// A connection is held from the first statement to the end. The commit is not stopped by cancelling the task.
  ///
  /// - Parameters:
  ///   - options: Isolation, read only, and how often to try.
  ///   - deadline: When every statement and the commit must be over; `queryTimeout` for each of them when nil.
  ///   - body: Makes the statements. Runs again when `options.attempts` allows it.
  /// - Throws: what `body` throws, or a ``PostgresError`` of the commit: ``PostgresError/Kind/outcomeUnknown`` when
  ///   the connection broke during it.
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
        let delay = options.retryDelay * (1 << min(attempt - 1, 10))
        try await Task.sleep(for: delay * (0.5 + 0.5 * driver.randomness()))
        attempt += 1
      }
    }
  }
}
