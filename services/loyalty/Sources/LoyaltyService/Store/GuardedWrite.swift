import Postgres

/// A change of the ledger that is decided outside of the database.
///
/// One statement reads everything the change depends on, and one statement writes it, but only if the account and the
/// programme still have the versions that were read: two round trips on shared connections, and no transaction stays
/// open in between. If the write comes too late, everything is read and decided anew with the account locked, so that
/// many changes of one account wait in line instead of overtaking each other.
struct GuardedWrite<Snapshot> {
  let database: Database
  /// Locks the account.
  let lock: SQL
  /// Reads the snapshot.
  let read: SQL
  /// Understands what was read.
  let parse: (Rows) throws -> Snapshot

  /// A statement that writes, and returns a row unless a version has changed; and what is answered when it did.
  typealias Write<Answer> = (statement: SQL, answer: Answer)

  /// Runs the change.
  ///
  /// - Parameters:
  ///   - decide: Decides by a snapshot. What it throws is thrown, and nothing is written.
  ///   - conflict: Is told of a unique constraint that refused the write: somebody wrote the same at the same moment.
  ///     Everything is decided anew unless it throws.
  func run<Answer>(
    decide: (Snapshot) throws -> Decision<Answer, Write<Answer>>,
    conflict: (String?) async throws -> Void
  ) async throws -> Answer {
    var isLocking = false
    while true {
      do {
        let answer = isLocking ? try await attemptLocked(decide) : try await attempt(decide)
        if let answer { return answer }
      } catch let error as PostgresError where error.sqlState == .uniqueViolation {
        try await conflict(error.constraint)
      }
      isLocking = true
    }
  }

  private func attempt<Answer>(
    _ decide: (Snapshot) throws -> Decision<Answer, Write<Answer>>
  ) async throws -> Answer? {
    switch try decide(try parse(try await database.query(read))) {
    case .answer(let answer): return answer
    case .write(let write): return try await database.query(write.statement).isEmpty ? nil : write.answer
    }
  }

  private func attemptLocked<Answer>(
    _ decide: (Snapshot) throws -> Decision<Answer, Write<Answer>>
  ) async throws -> Answer? {
    try await database.transaction { transaction in
      let results = try await transaction.pipeline([lock, read])
      switch try decide(try parse(results[1])) {
      case .answer(let answer): return answer
      case .write(let write):
        let results = try await transaction.commit(with: [write.statement])
        return results[0].isEmpty ? nil : write.answer
      }
    }
  }
}
