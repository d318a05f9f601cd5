extension Database: Queryable {
  /// Runs a statement in its own transaction and returns its rows.
  ///
  /// When the task is cancelled or the deadline passes, PostgreSQL is asked to cancel the statement and its result is
  /// dropped.
  ///
  /// - Parameters:
  ///   - sql: The statement with its parameters.
  ///   - deadline: When to give up; the configuration's `queryTimeout` from now when nil.
  /// - Throws: ``PostgresError``, of kind ``PostgresError/Kind/outcomeUnknown`` when the statement may write and its
  ///   connection broke.
  @discardableResult
  public func query(_ sql: SQL, deadline: ContinuousClock.Instant?) async throws(PostgresError) -> Rows {
    try sql.check()
    let reply = try await run(request(.query(sql), deadline: deadline))
    guard case .rows(let rows) = reply else { throw .invalidUse("the statement gave no result") }
    return rows
  }

  /// Runs several statements in one round trip and one implicit transaction on a shared connection. This is the
  /// cheapest way to write several things together when no statement depends on another's answer.
  ///
  /// - Returns: The rows of each statement.
  /// - Throws: ``PostgresError`` of the first statement that failed. Then none has taken effect.
  @discardableResult
  public func pipeline(
    _ statements: [SQL],
    deadline: ContinuousClock.Instant?
  ) async throws(PostgresError) -> [Rows] {
    for sql in statements { try sql.check() }
    guard !statements.isEmpty else { return [] }
    let reply = try await run(request(.batch(statements), deadline: deadline))
    guard case .batch(let rows) = reply else { throw .invalidUse("the statements gave no results") }
    return rows
  }
}
