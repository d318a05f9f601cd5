extension Session {
  /// Opens a COPY FROM, runs `body`, and closes it.
  ///
  /// - Parameter isHarmless: Whether losing the connection rolls it back, as inside a transaction.
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

  /// Runs `body` on an open COPY TO and discards the unread rest.
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
  /// Returns the text of a statement. Throws when it has parameters, which COPY does not support.
  func textWithoutParameters() throws(PostgresError) -> String {
    guard parameters.isEmpty else { throw .invalidUse("COPY takes no parameters") }
    return text
  }
}
