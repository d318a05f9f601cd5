import Basics
import Postgres
import PostgresTestSupport
import Testing

@Suite("COPY")
struct CopyTests {
  private struct Refused: Error {}

  private func withTable<Value>(_ body: (Database) async throws -> Value) async throws -> Value {
    try await TestDatabase.with(configure: { $0.pool.maximumConnections = 1 }) { database in
      try await database.execute("CREATE TABLE t (a bigint, b text, c timestamptz)")
      return try await body(database)
    }
  }

  private func count(_ database: Database) async throws -> Int {
    try await database.query("SELECT count(*) FROM t")[0].decode(Int.self)
  }

  @Test("text rows are stored")
  func text() async throws {
    try await withTable { database in
      let stored = try await database.copyIn("COPY t (a, b) FROM STDIN") { writer in
        for number in 0..<50_000 { try await writer.write("\(number)\tmember \(number)\n") }
      }
      #expect(stored == 50_000)
      #expect(try await count(database) == 50_000)
    }
  }

  @Test("binary rows are stored, NULLs too")
  func binary() async throws {
    try await withTable { database in
      let stored = try await database.copyIn("COPY t FROM STDIN (FORMAT binary)") { writer in
        for number in 0..<20_000 {
          let text = number % 2 == 0 ? "x" : nil
          try await writer.writeRow(Int64(number), text, Instant(rawValue: Int64(number)))
        }
      }
      #expect(stored == 20_000)
      let row = try await database.query("SELECT count(b), max(a), max(c) FROM t")[0]
      #expect(try row.decode(Int.self, Int.self, Instant.self) == (10_000, 19_999, Instant(rawValue: 19_999)))
    }
  }

  @Test("nothing is stored when the body throws, and the connection continues")
  func givenUp() async throws {
    try await withTable { (database: Database) async throws in
      await #expect(throws: Refused.self) {
        try await database.copyIn("COPY t (a) FROM STDIN") { writer in
          try await writer.write("1\n")
          throw Refused()
        }
      }
      #expect(try await count(database) == 0)
    }
  }

  @Test("a row that PostgreSQL refuses fails the whole, and the connection continues")
  func refusedRow() async throws {
    try await withTable { (database: Database) async throws in
      let error = await failure {
        try await database.copyIn("COPY t (a) FROM STDIN") { writer in
          for number in 0..<100_000 { try await writer.write(number == 500 ? "nonsense\n" : "\(number)\n") }
        }
      }
      #expect(error?.sqlState == .invalidTextRepresentation)
      #expect(try await count(database) == 0)
    }
  }

  @Test("a COPY that cannot begin is an error")
  func cannotBegin() async throws {
    try await withTable { (database: Database) async throws in
      let error = await failure { try await database.copyIn("COPY missing FROM STDIN") { _ in } }
      #expect(error?.sqlState == .undefinedTable)
      #expect(await failure { try await database.copyIn("COPY t FROM \("x")") { _ in } }?.kind == .invalidUse)
      #expect(try await count(database) == 0)
    }
  }

  @Test("rows are read back in pieces")
  func out() async throws {
    try await withTable { database in
      try await database.execute("INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 30000) i")
      let (lines, pieces) = try await database.copyOut("COPY t (a, b) TO STDOUT") { reader in
        var lines = 0
        var pieces = 0
        for try await piece in reader {
          pieces += 1
          lines += piece.count { $0 == UInt8(ascii: "\n") }
          #expect(piece.last == UInt8(ascii: "\n"))
        }
        return (lines, pieces)
      }
      #expect(lines == 30_000)
      #expect(pieces > 1)
    }
  }

  @Test("a reader that stops early gives the connection back")
  func stopsEarly() async throws {
    try await withTable { database in
      try await database.execute("INSERT INTO t SELECT i FROM generate_series(1, 300000) i")
      let first = try await database.copyOut("COPY t (a) TO STDOUT") { reader in
        var iterator = reader.makeAsyncIterator()
        return try await iterator.next()?.count
      }
      #expect(first ?? 0 > 0)
      #expect(try await count(database) == 300_000)
      await #expect(throws: Refused.self) { try await database.copyOut("COPY t TO STDOUT") { _ in throw Refused() } }
      #expect(try await count(database) == 300_000)
    }
  }

  @Test("a cancelled COPY stores nothing and gives the connection back")
  func cancelled() async throws {
    try await withTable { (database: Database) async throws in
      let task = Task {
        try await database.copyIn("COPY t (a) FROM STDIN") { writer in
          try await writer.write("1\n")
          withUnsafeCurrentTask { $0?.cancel() }
          for _ in 0..<100_000 { try await writer.write("1\n") }
        }
      }
      #expect(await failure { _ = try await task.value }?.kind == .cancelled)
      #expect(try await count(database) == 0)
    }
  }

  @Test("both directions work inside a transaction, also as its first statement")
  func inTransaction() async throws {
    try await withTable { database in
      try await database.transaction { transaction in
        try await transaction.copyIn("COPY t (a) FROM STDIN") { try await $0.write("1\n2\n") }
        let text = try await transaction.copyOut("COPY (SELECT sum(a) FROM t) TO STDOUT") { reader in
          try await reader.reduce(into: []) { $0 += $1 }
        }
        #expect(String(decoding: text, as: UTF8.self) == "3\n")
        try await transaction.execute("INSERT INTO t VALUES (3)")
      }
      #expect(try await count(database) == 3)
      await #expect(throws: Refused.self) {
        try await database.transaction { transaction in
          try await transaction.copyIn("COPY t (a) FROM STDIN") { try await $0.write("1\n2\n") }
          throw Refused()
        }
      }
      #expect(try await count(database) == 3)
    }
  }

  @Test("a COPY whose server process is ended fails, and the pool recovers")
  func lost() async throws {
    try await withTable { (database: Database) async throws in
      let watcher = Database(configuration: database.configuration)
      let error = await failure {
        try await database.copyIn("COPY t (a) FROM STDIN") { writer in
          try await writer.write("1\n")
          try await watcher.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
          )
          for _ in 0..<1_000_000 { try await writer.write("1\n") }
        }
      }
      #expect(error?.kind == .connectionLost)
      #expect(try await count(database) == 0)
    }
  }
}
