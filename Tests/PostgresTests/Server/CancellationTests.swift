import Postgres
import PostgresTestSupport
import Testing

@Suite("Giving up")
struct CancellationTests {
  private func backend(_ database: Database) async throws -> Int32 {
    try await database.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
  }

  /// Makes a database with one connection, and a gate for it.
  private func oneConnection(
    _ change: (inout DatabaseConfiguration) -> Void = { _ in }
  ) async throws -> (Database, Gate) {
    let test = try await TestDatabase.create()
    let gate = try await Gate(test)
    let database = test.connect {
      $0.pool.maximumConnections = 1
      change(&$0)
    }
    return (database, gate)
  }

  @Test("a cancelled task's statement is stopped in the server, and its connection continues")
  func cancel() async throws {
    let (database, gate) = try await oneConnection()
    let before = try await backend(database)
    let task = Task { try await database.query("SELECT \(Gate.pass)") }
    try await gate.hold(1)
    task.cancel()
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(error?.mayHaveTakenEffect == false)
    try await gate.hold(0)
    #expect(try await backend(database) == before)
    try await gate.open()
  }

  @Test("a task that is cancelled already sends nothing")
  func cancelledBefore() async throws {
    let (database, gate) = try await oneConnection()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try await database.query("SELECT 1")
    }
    let error = await failure { try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(database.statistics.acquired == 0)
    try await gate.open()
  }

  @Test("a task cancelled while it waits for a connection leaves the queue")
  func cancelWaiting() async throws {
    let (database, gate) = try await oneConnection { $0.pool.queriesInFlightPerConnection = 1 }
    async let slow = database.query("SELECT \(Gate.pass)")
    try await gate.hold(1)
    let waiting = Task { try await database.query("SELECT 1") }
    while database.statistics.waiting == 0 { await Task.yield() }
    waiting.cancel()
    let error = await failure { _ = try await waiting.value }
    #expect(error?.kind == .cancelled)
    #expect(database.statistics.waiting == 0)
    try await gate.open()
    _ = try await slow
  }

  @Test("when the deadline passes the call fails and the statement is stopped in the server")
  func deadline() async throws {
    let (database, gate) = try await oneConnection()
    let before = try await backend(database)
    let error = await failure { try await database.query("SELECT \(Gate.pass)", deadline: .now + .milliseconds(20)) }
    #expect(error?.kind == .deadlineExceeded)
    try await gate.hold(0)
    #expect(try await backend(database) == before)
    try await gate.open()
  }

  @Test("an abandoned write reports that it may have taken effect")
  func abandonedWrite() async throws {
    let (database, gate) = try await oneConnection()
    try await database.execute("CREATE TABLE t (a bigint)")
    let error = await failure {
      try await database.execute("INSERT INTO t SELECT 1 FROM \(Gate.pass)", deadline: .now + .milliseconds(300))
    }
    #expect(error?.kind == .deadlineExceeded)
    #expect(error?.mayHaveTakenEffect == true)
    #expect(error?.isRetryable == false)
    try await gate.open()
  }

  @Test("the queries behind a cancelled one on its connection are all answered")
  func neighbours() async throws {
    let (database, gate) = try await oneConnection {
      $0.pool.slowQueryThreshold = .seconds(3_600)
      $0.pool.queriesInFlightPerConnection = 1_000
      $0.cancellation.delay = .zero
    }
    for _ in 0..<20 {
      let slow = Task { try await database.query("SELECT \(Gate.pass)") }
      try await gate.hold(1)
      let neighbours = (0..<20).map { number in
        Task { try await database.query("SELECT \(number) FROM generate_series(1, 1000)")[0].decode(Int.self) }
      }
      while database.statistics.queriesInFlight < 21 { await Task.yield() }
      slow.cancel()
      for (number, task) in neighbours.enumerated() { #expect(try await task.value == number) }
      let error = await failure { _ = try await slow.value }
      #expect(error?.kind == .cancelled)
    }
    try await gate.open()
  }

  @Test("a cancelled transaction is rolled back, and its connection continues")
  func transaction() async throws {
    let (database, gate) = try await oneConnection()
    try await database.execute("CREATE TABLE t (a bigint)")
    let before = try await backend(database)
    let task = Task {
      try await database.transaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (1)")
        try await transaction.query("SELECT \(Gate.pass)")
      }
    }
    try await gate.hold(1)
    task.cancel()
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(try await database.query("SELECT * FROM t").isEmpty)
    #expect(try await backend(database) == before)
    try await gate.open()
  }

  @Test("a transaction's deadline holds for each of its statements")
  func transactionDeadline() async throws {
    let (database, gate) = try await oneConnection()
    let error = await failure {
      try await database.transaction(deadline: .now + .milliseconds(20)) { transaction in
        try await transaction.query("SELECT 1")
        try await transaction.query("SELECT \(Gate.pass)")
      }
    }
    #expect(error?.kind == .deadlineExceeded)
    try await gate.open()
  }

  @Test("a commit is not stopped by cancelling the task")
  func commitIsShielded() async throws {
    let (database, gate) = try await oneConnection()
    try await database.execute("CREATE TABLE t (a bigint)")
    let task = Task {
      try await database.transaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (1)")
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    try await task.value
    #expect(try await database.query("SELECT * FROM t").count == 1)
    try await gate.open()
  }

  @Test("the server's own limit for a statement is set on every connection")
  func statementTimeout() async throws {
    let (database, gate) = try await oneConnection { $0.session.statementTimeout = .milliseconds(500) }
    #expect(try await database.query("SHOW statement_timeout")[0].decode(String.self) == "500ms")
    let error = await failure { try await database.query("SELECT \(Gate.pass)") }
    #expect(error?.sqlState == .queryCanceled)
    try await gate.open()
  }

  @Test("a statement that does not end when cancelled costs its connection, not the caller's time")
  func stubborn() async throws {
    let (database, gate) = try await oneConnection {
      $0.cancellation.delay = .zero
      $0.cancellation.timeout = .milliseconds(50)
    }
    // A function that catches its own cancellation and continues.
    try await database.execute(
      """
      CREATE FUNCTION stubborn() RETURNS void LANGUAGE plpgsql AS $body$
      BEGIN
        LOOP
          BEGIN
            PERFORM pg_advisory_xact_lock_shared(1);
            RETURN;
          EXCEPTION WHEN query_canceled THEN NULL;
          END;
        END LOOP;
      END $body$
      """
    )
    let before = try await backend(database)
    let task = Task { try await database.query("SELECT stubborn()") }
    try await gate.hold(1)
    task.cancel()
    let error = await failure { try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(try await backend(database) != before)
    try await gate.terminateWaiters()
    try await gate.open()
  }
}
