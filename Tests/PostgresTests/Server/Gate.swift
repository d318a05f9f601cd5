import Postgres
import PostgresTestSupport

/// A lock that stops a test's statements until the test opens it, so that nothing depends on time.
///
/// `SELECT pg_advisory_xact_lock_shared(1)` waits while the gate is closed.
struct Gate: Sendable {
  /// An expression that passes the gate.
  static let pass: SQL = "pg_advisory_xact_lock_shared(1)"

  private let keeper: Database

  /// Closes the gate of a test's database.
  init(_ test: TestDatabase) async throws {
    keeper = test.connect { $0.pool.maximumConnections = 1 }
    try await keeper.query("SELECT pg_advisory_lock(1)")
  }

  /// Opens the gate.
  func open() async throws {
    try await keeper.query("SELECT pg_advisory_unlock(1)")
  }

  /// Waits until exactly `count` statements wait at the gate.
  func hold(_ count: Int) async throws {
    while try await processIDs().count != count { await Task.yield() }
  }

  /// Returns the server processes that wait at the gate.
  func processIDs() async throws -> [Int32] {
    let rows = try await keeper.query(
      """
      SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
      WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
      """
    )
    return try rows.map { row in try row.decode(Int32.self) }
  }

  /// Ends the sessions that wait at the gate, as an administrator would.
  func terminateWaiters() async throws {
    for processID in try await processIDs() { try await keeper.query("SELECT pg_terminate_backend(\(processID))") }
  }

  /// Executes a statement in another session.
  func ask(_ sql: SQL) async throws -> Rows {
    try await keeper.query(sql)
  }
}

/// Returns the error of `body`, which must be one of this library's.
func failure<Value>(_ body: () async throws -> Value) async -> PostgresError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? PostgresError
  }
}
