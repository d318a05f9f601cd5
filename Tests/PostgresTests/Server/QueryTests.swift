import Postgres
import PostgresTestSupport
import Testing

@Suite("Queries")
struct QueryTests {
  @Test("rows are decoded by position, by tuple, by name")
  func decoding() async throws {
    try await TestDatabase.with { database in
      let rows = try await database.query("SELECT \(1) AS a, \("two") AS b, \(Int?.none) AS c")
      let row = try #require(rows.first)
      let (a, b, c) = try row.decode(Int.self, String.self, Int?.self)
      #expect(a == 1 && b == "two" && c == nil)
      #expect(try row.decode((Int, String, Int?).self) == (1, "two", nil))
      #expect(try row.decode(Int.self) == 1)
      #expect(try row["b", as: String.self] == "two")
      #expect(try row.decode(column: 1) as String == "two")
      #expect(rows.columnNames == ["a", "b", "c"])
      #expect(rows.columnTypes == [.int8, .text, .int8])
    }
  }

  @Test("a column that is NULL, of another type or not there is an error that names it")
  func decodingErrors() async throws {
    try await TestDatabase.with { database in
      let row = try #require(try await database.query("SELECT NULL::text AS nothing, 'x' AS word").first)
      for body in [
        { _ = try row.decode(String.self) }, { _ = try row["word", as: Int.self] },
        { _ = try row["missing", as: Int.self] }, { _ = try row.decode(column: 2, as: Int.self) },
      ] as [() throws -> Void] {
        #expect(throws: PostgresError.self) { try body() }
      }
      let error = await failure { _ = try row.decode(String.self) }
      #expect(error?.kind == .decoding)
      #expect(error?.reason.contains("nothing") == true)
    }
  }

  @Test("a statement without rows returns how many it changed")
  func affected() async throws {
    try await TestDatabase.with { (database: Database) async throws in
      #expect(try await database.execute("CREATE TABLE t (a bigint)") == 0)
      #expect(try await database.execute("INSERT INTO t SELECT generate_series(1, 5)") == 5)
      #expect(try await database.execute("UPDATE t SET a = 0 WHERE a > \(2)") == 3)
    }
  }

  @Test("a refused statement's error contains PostgreSQL's report")
  func serverError() async throws {
    try await TestDatabase.with { database in
      try await database.execute("CREATE TABLE member (phone text CONSTRAINT member_phone_key UNIQUE)")
      try await database.execute("INSERT INTO member VALUES (\("13800001111"))")
      let error = await failure { try await database.execute("INSERT INTO member VALUES (\("13800001111"))") }
      #expect(error?.kind == .server)
      #expect(error?.sqlState == .uniqueViolation)
      #expect(error?.constraint == "member_phone_key")
      #expect(error?.server?.table == "member")
      #expect(error?.mayHaveTakenEffect == false)
      #expect(error.map { "\($0)".contains("13800001111") } == false, "descriptions hold no values")
    }
  }

  @Test("a failing query leaves those before and behind it on the same connection alone")
  func failuresStayApart() async throws {
    try await TestDatabase.with(configure: { $0.pool.maximumConnections = 1 }) { database in
      let results = await withTaskGroup(of: (Int, Bool).self) { group in
        for number in 0..<200 {
          group.addTask {
            let divisor = number % 3 == 0 ? 0 : 1
            let error = await failure { try await database.query("SELECT \(number) / \(divisor)") }
            return (number, error == nil)
          }
        }
        return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
      }
      for number in 0..<200 { #expect(results[number] == (number % 3 != 0)) }
    }
  }

  @Test("a constraint checked only at the end of the implicit transaction fails the query")
  func deferredConstraint() async throws {
    try await TestDatabase.with(configure: { $0.pool.maximumConnections = 1 }) { database in
      try await database.execute("CREATE TABLE t (a bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)")
      try await database.execute("INSERT INTO t VALUES (1)")
      let error = await failure { try await database.execute("INSERT INTO t VALUES (1)") }
      #expect(error?.sqlState == .uniqueViolation)
      #expect(try await database.query("SELECT * FROM t").count == 1)
    }
  }

  @Test("several statements in one round trip take effect together or not at all")
  func pipeline() async throws {
    try await TestDatabase.with { database in
      try await database.execute("CREATE TABLE t (a bigint PRIMARY KEY)")
      let rows = try await database.pipeline([
        "INSERT INTO t VALUES (\(1))", "INSERT INTO t VALUES (\(2))", "SELECT count(*) FROM t",
      ])
      #expect(rows.map(\.affectedRows) == [1, 1, 1])
      #expect(try rows[2][0].decode(Int.self) == 2)
      let error = await failure {
        _ = try await database.pipeline(["INSERT INTO t VALUES (\(3))", "INSERT INTO t VALUES (\(1))", "SELECT 1"])
      }
      #expect(error?.sqlState == .uniqueViolation)
      #expect(try await database.query("SELECT * FROM t").count == 2)
      #expect(try await database.pipeline([]).isEmpty)
    }
  }

  @Test("10,000 queries at once all get their own answer")
  func tenThousand() async throws {
    try await TestDatabase.with { database in
      let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<10_000 {
          group.addTask { try await database.query("SELECT \(number)")[0].decode(Int.self) != number }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(wrong == 0)
      #expect(database.statistics.waiting == 0)
      #expect(database.statistics.open <= database.configuration.pool.maximumConnections)
    }
  }

  @Test("a slow query delays no other")
  func slowQuery() async throws {
    let test = try await TestDatabase.create()
    let gate = try await Gate(test)
    let database = test.connect { $0.pool.maximumConnections = 2 }
    async let slow = database.query("SELECT \(Gate.pass)")
    try await gate.hold(1)
    for number in 0..<500 { #expect(try await database.query("SELECT \(number)")[0].decode(Int.self) == number) }
    #expect(try await gate.processIDs().count == 1, "the slow one still runs")
    try await gate.open()
    _ = try await slow
  }

  @Test("large parameters and results pass whole")
  func large() async throws {
    try await TestDatabase.with { database in
      let bytes = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let row = try await database.query("SELECT \(bytes), length(\(bytes))")[0]
      let (copy, length) = try row.decode([UInt8].self, Int.self)
      #expect(length == bytes.count)
      #expect(copy == bytes)
    }
  }

  @Test("COPY sent as a query is refused and the pool recovers")
  func copyAsQuery() async throws {
    try await TestDatabase.with(configure: { $0.pool.maximumConnections = 1 }) { database in
      try await database.execute("CREATE TABLE t (a bigint)")
      let error = await failure { try await database.query("COPY t FROM STDIN") }
      #expect(error != nil)
      #expect(try await database.query("SELECT 1").count == 1)
    }
  }
}
