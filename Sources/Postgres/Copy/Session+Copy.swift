extension Session {
  /// Opens a COPY FROM, lets `body` write, and closes it.
  ///
  /// - Parameter isHarmless: Whether losing the connection undoes it, as inside a transaction.
  func copyIn(
    _ sql: SQL,
    isHarmless: Bool,
    deadline: ContinuousClock.Instant?,
    _ body: (CopyWriter) async throws -> Void
  ) async throws -> Int {
    let writer = CopyWriter { work throws(PostgresError) in
      try await self.run(work, isHarmless: true, deadline: deadline)
    }
    do {
      try await body(writer)
      try await writer.finish()
    } catch {
      _ = try? await run(.copyEnd(failure: "the client gave up"), isHarmless: true, isCancellable: false)
      throw error
    }
    let reply = try await run(
      .copyEnd(failure: nil),
      isHarmless: isHarmless,
      isCancellable: false,
      deadline: deadline
    )
    guard case .affected(let rows) = reply else { return 0 }
    return rows
  }

  /// Reads a COPY TO that is open, and drops what `body` leaves.
  func copyOut<Value>(
    deadline: ContinuousClock.Instant?,
    _ body: (CopyReader) async throws -> Value
  ) async throws -> Value {
    let reader = CopyReader(self, deadline: deadline)
    do {
      let value = try await body(reader)
      await reader.discardRest()
      return value
    } catch {
      await reader.discardRest()
      throw error
    }
  }
}

extension SQL {
  /// The text of a statement that takes no parameters, as PostgreSQL's COPY.
  func textWithoutParameters() throws(PostgresError) -> String {
    guard parameters.isEmpty else { throw .invalidUse("COPY takes no parameters") }
    return text
  }
}
