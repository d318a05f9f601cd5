import Postgres
import PostgresTestSupport
import Testing

@Suite("Prepared statements")
struct PreparedStatementTests {
  private func withOneConnection<Value>(
    statements: Int = 256,
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    let change = { (configuration: inout DatabaseConfiguration) in
      configuration.pool.maximumConnections = 1
      configuration.preparedStatements = statements
    }
    return try await TestDatabase.with(configure: change) { database in
      try await database.execute("CREATE TABLE t (a bigint)")
      try await database.execute("INSERT INTO t VALUES (1)")
      return try await body(database)
    }
  }

  @Test("a statement is prepared once and its name used again")
  func reuse() async throws {
    try await withOneConnection { database in
      for number in 0..<10 { try await database.query("SELECT a FROM t WHERE a = \(number)") }
      let rows = try await database.query("SELECT 1 FROM pg_prepared_statements WHERE statement LIKE 'SELECT a %'")
      #expect(rows.count == 1)
    }
  }

  @Test("the server holds no more of them than the setting says, and the one that takes another's place")
  func bounded() async throws {
    try await withOneConnection(statements: 3) { database in
      for number in 0..<20 { try await database.query("SELECT \(raw: "\(number)")") }
      let count = try await database.query("SELECT count(*) FROM pg_prepared_statements")[0].decode(Int.self)
      #expect(count <= 3 + 1)
    }
  }

  @Test("a statement whose table changed under it is prepared again")
  func changedResultType() async throws {
    try await withOneConnection { database in
      #expect(try await database.query("SELECT * FROM t")[0].columnCount == 1)
      try await database.execute("ALTER TABLE t ADD COLUMN b text")
      #expect(try await database.query("SELECT * FROM t")[0].columnCount == 2)
      try await database.execute("ALTER TABLE t ALTER COLUMN a TYPE text")
      #expect(try await database.query("SELECT * FROM t")[0].decode(String.self) == "1")
    }
  }

  @Test("a statement that the server forgot is prepared again")
  func forgotten() async throws {
    try await withOneConnection { database in
      try await database.query("SELECT a FROM t")
      try await database.execute("DEALLOCATE ALL")
      #expect(try await database.query("SELECT a FROM t").count == 1)
    }
  }

  @Test("inside a transaction a stale statement fails once, and the next attempt succeeds")
  func staleInTransaction() async throws {
    try await withOneConnection { database in
      try await database.query("SELECT * FROM t")
      try await database.execute("ALTER TABLE t ADD COLUMN b text")
      let error = await failure { try await database.transaction { _ = try await $0.query("SELECT * FROM t") } }
      #expect(error?.isRetryable == true)
      try await database.execute("ALTER TABLE t ADD COLUMN c text")
      let columns = try await database.transaction(TransactionOptions(attempts: 2)) {
        try await $0.query("SELECT * FROM t")[0].columnCount
      }
      #expect(columns == 3)
    }
  }

  @Test("a statement that cannot be prepared is not remembered")
  func unpreparable() async throws {
    try await withOneConnection { database in
      for _ in 0..<3 {
        let error = await failure { try await database.query("SELECT * FROM missing") }
        #expect(error?.sqlState == .undefinedTable)
      }
      try await database.execute("CREATE TABLE missing (a bigint)")
      #expect(try await database.query("SELECT * FROM missing").isEmpty)
    }
  }
}
