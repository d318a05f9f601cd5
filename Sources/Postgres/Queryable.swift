/// An executor of statements: a ``Database``, where each is its own transaction, or a ``Transaction``.
public protocol Queryable: Sendable {
  /// Runs a statement and returns its rows.
  ///
  /// - Parameters:
  ///   - sql: The statement with its parameters.
  ///   - deadline: When to give up; the configuration's `queryTimeout` from now when nil.
  /// - Throws: ``PostgresError``.
  @discardableResult
  func query(_ sql: SQL, deadline: ContinuousClock.Instant?) async throws(PostgresError) -> Rows

  /// Runs several statements in one round trip, in order and in one transaction: all take effect or none.
  ///
  /// - Returns: The rows of each statement.
  /// - Throws: ``PostgresError`` of the first statement that failed.
  @discardableResult
  func pipeline(_ statements: [SQL], deadline: ContinuousClock.Instant?) async throws(PostgresError) -> [Rows]
}

extension Queryable {
  /// Runs a statement and returns its rows.
  @discardableResult
  public func query(_ sql: SQL) async throws(PostgresError) -> Rows {
    try await query(sql, deadline: nil)
  }

  /// Runs several statements in one round trip, in order and in one transaction: all take effect or none.
  @discardableResult
  public func pipeline(_ statements: [SQL]) async throws(PostgresError) -> [Rows] {
    try await pipeline(statements, deadline: nil)
  }

  /// Runs a statement and returns how many rows it returned or changed.
  @discardableResult
  public func execute(_ sql: SQL, deadline: ContinuousClock.Instant? = nil) async throws(PostgresError) -> Int {
    try await query(sql, deadline: deadline).affectedRows
  }
}
