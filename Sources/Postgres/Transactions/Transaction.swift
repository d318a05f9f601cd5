import Synchronization

/// A transaction that is open on a connection of its own. Use it only inside the body that receives it.
///
/// Statements run in the order of their calls, also with `async let`, and are sent without waiting for each other's
/// answers. `BEGIN` and savepoints are sent with the next statement, so they cost no round trip.
public final class Transaction: Queryable {
  private struct State {
    /// Statements before the next statement.
    var controls: [String] = []
    var savepoints = 0
    var isUsed = false
    var isCommitted = false
    var isDoomedByTiming = false
  }

  let session: Session
  private let options: TransactionOptions
  private let deadline: ContinuousClock.Instant?
  private let state = Mutex(State())

  init(_ database: Database, options: TransactionOptions, deadline: ContinuousClock.Instant?) {
    session = Session(database, opening: options.opening)
    self.options = options
    self.deadline = deadline
  }

  /// Runs a statement and returns its rows.
  ///
  /// - Throws: ``PostgresError``. After an error PostgreSQL accepts only the end of the transaction, or of the
  ///   savepoint around the statement.
  @discardableResult
  public func query(_ sql: SQL, deadline: ContinuousClock.Instant?) async throws(PostgresError) -> Rows {
    try sql.check()
    guard case .rows(let rows) = try await run(.query(sql), deadline: deadline) else {
      throw .invalidUse("the statement gave no result")
    }
    return rows
  }

  /// Runs several statements in one round trip, in order. Statements after the first that fails are not run.
  @discardableResult
  public func pipeline(
    _ statements: [SQL],
    deadline: ContinuousClock.Instant?
  ) async throws(PostgresError) -> [Rows] {
    for sql in statements { try sql.check() }
    guard !statements.isEmpty else { return [] }
    guard case .batch(let rows) = try await run(.batch(statements), deadline: deadline) else {
      throw .invalidUse("the statements gave no results")
    }
    return rows
  }

  /// Runs the last statements and commits, all in one round trip. The transaction has ended when this returns.
  ///
  /// - Throws: ``PostgresError``. When a statement fails nothing is committed.
  @discardableResult
  public func commit(
    with statements: [SQL],
    deadline: ContinuousClock.Instant? = nil
  ) async throws(PostgresError) -> [Rows] {
    for sql in statements { try sql.check() }
    let reply = try await run(
      .batch(statements),
      ending: .commit,
      isHarmless: options.isReadOnly,
      isCancellable: false,
      deadline: deadline
    )
    state.withLock { $0.isCommitted = true }
    guard case .batch(let rows) = reply else { return [] }
    return rows
  }

  /// Runs statements separated by semicolons, without parameters, and discards their results.
  ///
  /// - Throws: ``PostgresError`` of the first statement that failed. The ones after it are not run.
  public func executeScript(_ text: String, deadline: ContinuousClock.Instant? = nil) async throws(PostgresError) {
    _ = try await run(.script(text), deadline: deadline)
  }

  /// Runs a part of the transaction that may fail alone. When `body` throws, its effects are rolled back and the
  /// transaction continues.
  @discardableResult
  public func savepoint<Value>(_ body: (Transaction) async throws -> Value) async throws -> Value {
    let name = state.withLock { state in
      state.savepoints += 1
      state.controls.append("SAVEPOINT s\(state.savepoints)")
      return "s\(state.savepoints)"
    }
    do {
      let value = try await body(self)
      endSavepoint(name, ["RELEASE SAVEPOINT \(name)"])
      return value
    } catch {
      endSavepoint(name, ["ROLLBACK TO SAVEPOINT \(name)", "RELEASE SAVEPOINT \(name)"])
      throw error
    }
  }

  private func endSavepoint(_ name: String, _ controls: [String]) {
    state.withLock { state in
      if state.controls.last == "SAVEPOINT \(name)" {
        state.controls.removeLast()
      } else {
        state.controls += controls
      }
    }
  }

  @discardableResult
  func run(
    _ work: Request.Work,
    ending: Request.Ending = .none,
    isHarmless: Bool = true,
    isCancellable: Bool = true,
    deadline: ContinuousClock.Instant? = nil
  ) async throws(PostgresError) -> Reply {
    let controls = try state.withLock { state throws(PostgresError) in
      if state.isCommitted { throw .invalidUse("the transaction is committed already") }
      state.isUsed = true
      defer { state.controls.removeAll() }
      return state.controls
    }
    do {
      return try await session.run(
        work,
        controls: controls,
        ending: ending,
        isHarmless: isHarmless,
        isCancellable: isCancellable,
        deadline: earlier(deadline, self.deadline)
      )
    } catch {
      if error.isRetryable { state.withLock { $0.isDoomedByTiming = true } }
      throw error
    }
  }

  private func earlier(_ one: ContinuousClock.Instant?, _ other: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
  }
}

extension Transaction {
  /// Commits, unless that was done or there is nothing to commit.
  func finish() async throws(PostgresError) {
    guard state.withLock({ $0.isUsed && !$0.isCommitted }) else { return }
    try await run(.nothing, ending: .commit, isHarmless: options.isReadOnly, isCancellable: false)
    state.withLock { $0.isCommitted = true }
  }

  /// Rolls back. Waits for the server unless the deadline has passed or the task is cancelled.
  func abandon(after error: any Error) async {
    guard state.withLock({ $0.isUsed && !$0.isCommitted }) else { return }
    let kind = (error as? PostgresError)?.kind
    if Task.isCancelled || kind == .cancelled || kind == .deadlineExceeded {
      session.end(.rollback)
    } else {
      _ = try? await session.run(.nothing, ending: .rollback, isHarmless: true, isCancellable: false)
    }
  }

  /// Whether a statement failed in a way that repeating the whole transaction may cure.
  var isDoomedByTiming: Bool { state.withLock { $0.isDoomedByTiming } }
}
