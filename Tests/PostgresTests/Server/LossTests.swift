import Postgres
import PostgresTestSupport
import Testing

@Suite("Lost connections")
struct LossTests {
  private func database(_ change: (inout DatabaseConfiguration) -> Void = { _ in }) async throws -> (Database, Gate) {
    let test = try await TestDatabase.create()
    let gate = try await Gate(test)
    return (test.connect(change), gate)
  }

  @Test("a read whose server process is ended fails as lost, and the next one gets another connection")
  func read() async throws {
    let (database, gate) = try await database { $0.pool.maximumConnections = 1 }
    let task = Task { try await database.query("SELECT \(Gate.pass)") }
    try await gate.hold(1)
    try await gate.terminateWaiters()
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .connectionLost)
    #expect(error?.mayHaveTakenEffect == false)
    #expect(error?.isRetryable == true)
    #expect(try await database.query("SELECT 1").count == 1)
    #expect(database.statistics.connectionsLost == 1)
  }

  @Test("a write outside a transaction whose server process is ended has an unknown outcome")
  func write() async throws {
    let (database, gate) = try await database()
    try await database.execute("CREATE TABLE t (a bigint)")
    let task = Task { try await database.execute("INSERT INTO t SELECT 1 FROM \(Gate.pass)") }
    try await gate.hold(1)
    try await gate.terminateWaiters()
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .outcomeUnknown)
    #expect(error?.mayHaveTakenEffect == true)
    #expect(error?.isRetryable == false)
  }

  @Test("a statement in a transaction whose server process is ended changed nothing for certain")
  func statementInTransaction() async throws {
    let (database, gate) = try await database()
    try await database.execute("CREATE TABLE t (a bigint)")
    let task = Task {
      try await database.transaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (1)")
        try await transaction.execute("INSERT INTO t SELECT 2 FROM \(Gate.pass)")
      }
    }
    try await gate.hold(1)
    try await gate.terminateWaiters()
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .connectionLost)
    #expect(try await database.query("SELECT * FROM t").isEmpty)
  }

  /// Makes a table whose commits stop at the gate.
  private func prepareSlowCommit(_ database: Database) async throws {
    try await database.execute("CREATE TABLE t (a bigint)")
    try await database.execute(
      """
      CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $body$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(1);
        RETURN NULL;
      END $body$
      """
    )
    try await database.execute(
      """
      CREATE CONSTRAINT TRIGGER stop AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION stop()
      """
    )
  }

  @Test("a connection lost during the commit leaves the outcome unknown")
  func commit() async throws {
    let (database, gate) = try await database()
    try await prepareSlowCommit(database)
    let task = Task { try await database.transaction { try await $0.execute("INSERT INTO t VALUES (1)") } }
    try await gate.hold(1)
    try await gate.terminateWaiters()
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .outcomeUnknown)
    #expect(error?.isRetryable == false)
  }

  @Test("a commit that went out with its statements leaves the outcome unknown as well")
  func commitWithStatements() async throws {
    let (database, gate) = try await database()
    try await prepareSlowCommit(database)
    let task = Task {
      try await database.transaction { try await $0.commit(with: ["INSERT INTO t VALUES (1)"]) }
    }
    try await gate.hold(1)
    try await gate.terminateWaiters()
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .outcomeUnknown)
  }

  @Test("a commit that does not end before its deadline leaves the outcome unknown")
  func commitDeadline() async throws {
    let (database, gate) = try await database()
    try await prepareSlowCommit(database)
    let error = await failure {
      try await database.transaction(deadline: .now + .milliseconds(100)) {
        try await $0.execute("INSERT INTO t VALUES (1)")
      }
    }
    #expect(error?.kind == .outcomeUnknown)
    try await gate.terminateWaiters()
  }

  @Test("the commit of a read-only transaction has nothing to lose")
  func readOnlyTransaction() async throws {
    let (database, gate) = try await database()
    let task = Task {
      try await database.transaction(.readOnlySnapshot) { try await $0.commit(with: ["SELECT \(Gate.pass)"]) }
    }
    try await gate.hold(1)
    try await gate.terminateWaiters()
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .connectionLost)
  }

  @Test("a transaction lost before its commit is tried again when its options allow it")
  func retry() async throws {
    let (database, gate) = try await database()
    try await database.execute("CREATE TABLE t (a bigint)")
    let task = Task {
      var attempts = 0
      try await database.transaction(TransactionOptions(attempts: 2)) { transaction in
        attempts += 1
        try await transaction.execute("INSERT INTO t VALUES (\(attempts))")
        if attempts == 1 { try await transaction.query("SELECT \(Gate.pass)") }
      }
      return attempts
    }
    try await gate.hold(1)
    try await gate.terminateWaiters()
    #expect(try await task.value == 2)
    #expect(try await database.query("SELECT a FROM t")[0].decode(Int.self) == 2)
  }
}
