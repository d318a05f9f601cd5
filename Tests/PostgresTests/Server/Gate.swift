import Postgres
import PostgresTestSupport

/// A lock that statements of a test stop at until the test lets them go, so that nothing depends on time.
///
/// `SELECT pg_advisory_xact_lock_shared(1)` waits while the gate is closed.
struct Gate: Sendable {
  /// Passing the gate, as a part of a statement.
  static let pass: SQL = "pg_advisory_xact_lock_shared(1)"

  private let keeper: Database

  /// Closes the gate of the database that `test` names.
  init(_ test: TestDatabase) async throws {
    keeper = test.connect { $0.pool.maximumConnections = 1 }
    try await keeper.query("SELECT pg_advisory_lock(1)")
  }

  /// Lets everything pass.
  func open() async throws {
    try await keeper.query("SELECT pg_advisory_unlock(1)")
  }

  /// Returns when exactly so many statements stand at the gate.
  func hold(_ count: Int) async throws {
    while try await processIDs().count != count { await Task.yield() }
  }

  /// The server processes that stand at the gate.
  func processIDs() async throws -> [Int32] {
    let rows = try await keeper.query(
      """
      SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
      WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
      """
    )
    return try rows.map { row in try row.decode(Int32.self) }
  }

  /// Ends the sessions that stand at the gate, as an administrator would.
  func terminateWaiters() async throws {
    for processID in try await processIDs() { try await keeper.query("SELECT pg_terminate_backend(\(processID))") }
  }

  /// Another session's questions.
  func ask(_ sql: SQL) async throws -> Rows {
    try await keeper.query(sql)
  }
}

/// The error that `body` throws, which must be one of this library's.
func failure<Value>(_ body: () async throws -> Value) async -> PostgresError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? PostgresError
  }
}
