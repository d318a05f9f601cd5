import Postgres
import PostgresTestSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
  private struct Refused: Error {}

  private func withTable<Value>(
    configure change: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    try await TestDatabase.with(configure: change) { database in
      try await database.execute("CREATE TABLE t (a bigint PRIMARY KEY, b bigint NOT NULL DEFAULT 0)")
      return try await body(database)
    }
  }

  private func stored(_ database: Database) async throws -> [Int] {
    try await database.query("SELECT a FROM t ORDER BY a").map { row in try row.decode(Int.self) }
  }

  @Test("what a body wrote is there when it returns")
  func commit() async throws {
    try await withTable { database in
      let sum = try await database.transaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (\(1)), (\(2))")
        return try await transaction.query("SELECT sum(a)::bigint FROM t")[0].decode(Int.self)
      }
      #expect(sum == 3)
      #expect(try await stored(database) == [1, 2])
    }
  }

  @Test("what a body wrote is gone when it throws, and the error comes through")
  func rollback() async throws {
    try await withTable(configure: { $0.pool.maximumConnections = 1 }) { (database: Database) async throws in
      await #expect(throws: Refused.self) {
        try await database.transaction { transaction in
          try await transaction.execute("INSERT INTO t VALUES (1)")
          throw Refused()
        }
      }
      #expect(try await stored(database) == [])
    }
  }

  @Test("nothing of a transaction is seen before its commit")
  func isolation() async throws {
    try await withTable { database in
      try await database.transaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (1)")
        #expect(try await stored(database) == [])
      }
      #expect(try await stored(database) == [1])
    }
  }

  @Test("a body without statements needs no connection")
  func empty() async throws {
    let database = Database(configuration: DatabaseConfiguration(connectionString: "host=/nowhere"))
    #expect(try await database.transaction { _ in 5 } == 5)
    await #expect(throws: Refused.self) { try await database.transaction { _ in throw Refused() } }
  }

  @Test("BEGIN goes out with the first statement: two round trips for a statement and its commit")
  func roundTrips() async throws {
    try await withTable { database in
      let before = database.statistics.requests
      try await database.transaction { try await $0.execute("INSERT INTO t VALUES (1)") }
      #expect(database.statistics.requests - before == 2)
    }
  }

  @Test("the last statements and the commit can go out together")
  func commitWith() async throws {
    try await withTable { database in
      let before = database.statistics.requests
      let rows = try await database.transaction { transaction in
        try await transaction.commit(with: ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2) RETURNING a"])
      }
      #expect(database.statistics.requests - before == 1)
      #expect(try rows[1][0].decode(Int.self) == 2)
      #expect(try await stored(database) == [1, 2])
      let error = await failure {
        try await database.transaction { transaction in
          try await transaction.commit(with: ["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (1)"])
        }
      }
      #expect(error?.sqlState == .uniqueViolation)
      #expect(try await stored(database) == [1, 2])
    }
  }

  @Test("a committed transaction takes no more statements")
  func afterCommit() async throws {
    try await withTable { (database: Database) async throws in
      let error = await failure {
        try await database.transaction { transaction in
          try await transaction.commit(with: ["INSERT INTO t VALUES (1)"])
          try await transaction.execute("INSERT INTO t VALUES (2)")
        }
      }
      #expect(error?.kind == .invalidUse)
      #expect(try await stored(database) == [1])
    }
  }

  @Test("statements made at once run in the same transaction")
  func concurrent() async throws {
    try await withTable { database in
      try await database.transaction { transaction in
        async let first = transaction.execute("INSERT INTO t VALUES (1)")
        async let second = transaction.execute("INSERT INTO t VALUES (2)")
        async let third = transaction.query("SELECT pg_current_xact_id()::text")
        _ = try await (first, second)
        let identifier = try await third[0].decode(String.self)
        #expect(try await transaction.query("SELECT pg_current_xact_id()::text")[0].decode(String.self) == identifier)
      }
      #expect(try await stored(database) == [1, 2])
    }
  }

  @Test("several statements go out in one round trip")
  func pipeline() async throws {
    try await withTable { database in
      try await database.transaction { transaction in
        let rows = try await transaction.pipeline(["INSERT INTO t VALUES (1)", "SELECT a FROM t"])
        #expect(try rows[1][0].decode(Int.self) == 1)
      }
    }
  }

  @Test("an error that the body swallowed still dooms the transaction, and the commit reports it")
  func swallowedError() async throws {
    try await withTable { (database: Database) async throws in
      let error = await failure {
        try await database.transaction { transaction in
          try await transaction.execute("INSERT INTO t VALUES (1)")
          _ = try? await transaction.query("SELECT 1 / 0")
        }
      }
      #expect(error?.kind == .transactionAborted)
      #expect(try await stored(database) == [])
    }
  }

  @Test("a savepoint that fails is undone alone")
  func savepoint() async throws {
    try await withTable { database in
      try await database.transaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (1)")
        let error = await failure {
          try await transaction.savepoint { inner in
            try await inner.execute("INSERT INTO t VALUES (2)")
            try await inner.savepoint { try await $0.execute("INSERT INTO t VALUES (3)") }
            try await inner.execute("INSERT INTO t VALUES (1)")
          }
        }
        #expect(error?.sqlState == .uniqueViolation)
        try await transaction.savepoint { try await $0.execute("INSERT INTO t VALUES (4)") }
        try await transaction.savepoint { _ in }
        await #expect(throws: Refused.self) { try await transaction.savepoint { _ in throw Refused() } }
      }
      #expect(try await stored(database) == [1, 4])
    }
  }

  @Test("a savepoint that failed last does not spoil the commit")
  func savepointBeforeCommit() async throws {
    try await withTable { database in
      try await database.transaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (1)")
        _ = await failure { try await transaction.savepoint { try await $0.execute("SELECT 1 / 0") } }
      }
      #expect(try await stored(database) == [1])
    }
  }

  @Test("a read-only transaction refuses to write")
  func readOnly() async throws {
    try await withTable { database in
      let error = await failure {
        try await database.transaction(.readOnlySnapshot) { try await $0.execute("INSERT INTO t VALUES (1)") }
      }
      #expect(error?.sqlState == .readOnlyTransaction)
      let level = try await database.transaction(.serializable) {
        try await $0.query("SHOW transaction_isolation")[0].decode(String.self)
      }
      #expect(level == "serializable")
    }
  }

  @Test("a serialization failure is tried again, and the second attempt sees the other's write")
  func serializationFailure() async throws {
    try await withTable { database in
      try await database.execute("INSERT INTO t VALUES (1, 0)")
      var attempts = 0
      let options = TransactionOptions(isolation: .repeatableRead, attempts: 2)
      try await database.transaction(options) { transaction in
        attempts += 1
        let value = try await transaction.query("SELECT b FROM t WHERE a = 1")[0].decode(Int.self)
        if attempts == 1 { try await database.execute("UPDATE t SET b = 10 WHERE a = 1") }
        try await transaction.execute("UPDATE t SET b = \(value + 1) WHERE a = 1")
      }
      #expect(attempts == 2)
      #expect(try await database.query("SELECT b FROM t")[0].decode(Int.self) == 11)
    }
  }

  @Test("of two transactions in a deadlock one is tried again, and both are done in the end")
  func deadlock() async throws {
    try await withTable(configure: { $0.session.settings["deadlock_timeout"] = "10ms" }) { database in
      try await database.execute("INSERT INTO t VALUES (1, 0), (2, 0)")
      func cross(_ first: Int, _ second: Int) async throws {
        try await database.transaction(TransactionOptions(attempts: 20)) { transaction in
          try await transaction.execute("UPDATE t SET b = b + 1 WHERE a = \(first)")
          try await transaction.execute("UPDATE t SET b = b + 1 WHERE a = \(second)")
        }
      }
      try await withThrowingTaskGroup { group in
        for _ in 0..<10 {
          group.addTask { try await cross(1, 2) }
          group.addTask { try await cross(2, 1) }
        }
        try await group.waitForAll()
      }
      #expect(try await database.query("SELECT min(b), max(b) FROM t")[0].decode(Int.self, Int.self) == (20, 20))
    }
  }

  @Test("a failure that no second attempt can cure is not tried again")
  func noRetry() async throws {
    try await withTable { database in
      var attempts = 0
      let error = await failure {
        try await database.transaction(TransactionOptions(attempts: 5)) { transaction in
          attempts += 1
          try await transaction.execute("SELECT 1 / 0")
        }
      }
      #expect(error?.kind == .server)
      #expect(attempts == 1)
    }
  }

  @Test("a failed constraint at the commit is an error, and the connection continues")
  func failedCommit() async throws {
    try await TestDatabase.with(configure: { $0.pool.maximumConnections = 1 }) { database in
      try await database.execute("CREATE TABLE d (a bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)")
      let error = await failure {
        try await database.transaction { try await $0.execute("INSERT INTO d VALUES (1), (1)") }
      }
      #expect(error?.sqlState == .uniqueViolation)
      #expect(try await database.query("SELECT * FROM d").isEmpty)
    }
  }

  @Test("plain queries are answered while transactions hold all the connections they may")
  func transactionsLeaveRoom() async throws {
    let test = try await TestDatabase.create()
    let gate = try await Gate(test)
    let database = test.connect { $0.pool.maximumConnections = 3 }
    try await withThrowingTaskGroup { group in
      for _ in 0..<5 {
        group.addTask { _ = try await database.transaction { try await $0.query("SELECT \(Gate.pass)") } }
      }
      try await gate.hold(2)
      #expect(try await database.query("SELECT 1").count == 1)
      #expect(database.statistics.leased == 2)
      try await gate.open()
      try await group.waitForAll()
    }
  }

  @Test("a script runs as a part of the transaction")
  func script() async throws {
    try await withTable { (database: Database) async throws in
      await #expect(throws: Refused.self) {
        try await database.transaction { transaction in
          try await transaction.executeScript("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);")
          #expect(try await transaction.query("SELECT * FROM t").count == 2)
          throw Refused()
        }
      }
      #expect(try await stored(database) == [])
      let error = await failure {
        try await database.transaction { try await $0.executeScript("SELECT 1; SELECT 1 / 0; SELECT 2") }
      }
      #expect(error?.kind == .server)
    }
  }
}
