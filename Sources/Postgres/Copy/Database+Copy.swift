extension Database {
  /// Loads rows: `COPY … FROM STDIN` in a transaction of its own.
  ///
  /// Each piece sent has `queryTimeout` when there is no deadline; the server's `statement_timeout` holds for the
  /// whole, so a long COPY belongs into a transaction that raises it.
  ///
  /// Without `deadline`, `queryTimeout` applies to each piece. The server's `statement_timeout` applies to the whole,
  /// so a long COPY belongs in a transaction that raises it.
  @discardableResult
  public func copyIn(
    _ sql: SQL,
    deadline: ContinuousClock.Instant? = nil,
    _ body: (CopyWriter) async throws -> Void
  ) async throws -> Int {
    let session = Session(self)
    defer { session.end(.release) }
    try await session.run(.copyIn(try sql.textWithoutParameters()), deadline: deadline)
    return try await session.copyIn(sql, isHarmless: false, deadline: deadline, body)
  }

  /// Reads rows: `COPY … TO STDOUT`.
  ///
  /// - Throws: What `body` throws, or ``PostgresError``.
  public func copyOut<Value>(
    _ sql: SQL,
    deadline: ContinuousClock.Instant? = nil,
    _ body: (CopyReader) async throws -> Value
  ) async throws -> Value {
    let session = Session(self)
    defer { session.end(.release) }
    try await session.run(.copyOut(try sql.textWithoutParameters()), isHarmless: true, deadline: deadline)
    return try await session.copyOut(deadline: deadline, body)
  }
}

extension Transaction {
  /// Loads rows: `COPY … FROM STDIN` in this transaction.
  ///
  /// - Returns: How many rows were stored.
  /// - Throws: What `body` throws, or ``PostgresError``.
  @discardableResult
  public func copyIn(
    _ sql: SQL,
    deadline: ContinuousClock.Instant? = nil,
    _ body: (CopyWriter) async throws -> Void
  ) async throws -> Int {
    try await run(.copyIn(try sql.textWithoutParameters()), deadline: deadline)
    return try await session.copyIn(sql, isHarmless: true, deadline: deadline, body)
  }

  /// Reads rows: `COPY … TO STDOUT` in this transaction.
  ///
  /// - Throws: What `body` throws, or ``PostgresError``.
  public func copyOut<Value>(
    _ sql: SQL,
    deadline: ContinuousClock.Instant? = nil,
    _ body: (CopyReader) async throws -> Value
  ) async throws -> Value {
    try await run(.copyOut(try sql.textWithoutParameters()), deadline: deadline)
    return try await session.copyOut(deadline: deadline, body)
  }
}
