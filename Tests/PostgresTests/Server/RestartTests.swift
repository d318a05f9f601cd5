import Postgres
import PostgresTestSupport
import Testing

@Suite("A server that restarts")
struct RestartTests {
  @Test("after a restart the pool connects again by itself")
  func restart() async throws {
    let cluster = try await TestCluster.makePrivate()
    let database = try await TestDatabase.create(on: cluster).connect()
    try await withThrowingTaskGroup { group in
      for _ in 0..<50 { group.addTask { try await database.query("SELECT 1") } }
      for try await _ in group {}
    }
    for mode in [TestCluster.StopMode.fast, .immediate] {
      try await cluster.restart(mode)
      #expect(try await answers(database))
    }
  }

  @Test("after the server was killed and started the pool connects again by itself")
  func kill() async throws {
    let cluster = try await TestCluster.makePrivate()
    let test = try await TestDatabase.create(on: cluster)
    let database = test.connect()
    let gate = try await Gate(test)
    let task = Task { try await database.query("SELECT \(Gate.pass)") }
    try await gate.hold(1)
    try await cluster.kill()
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .connectionLost)
    try await cluster.start()
    #expect(try await answers(database))
  }

  @Test("one killed server process ends all sessions, and the pool recovers")
  func killedBackend() async throws {
    let cluster = try await TestCluster.makePrivate()
    let test = try await TestDatabase.create(on: cluster)
    let database = test.connect()
    let gate = try await Gate(test)
    let task = Task { try await database.query("SELECT \(Gate.pass)") }
    try await gate.hold(1)
    try cluster.killBackend(try #require(try await gate.processIDs().first))
    let error = await failure { _ = try await task.value }
    #expect(error?.kind == .connectionLost)
    #expect(try await answers(database))
  }

  @Test("calls made while the server is down are answered when it is back in time")
  func waiting() async throws {
    let cluster = try await TestCluster.makePrivate()
    let database = try await TestDatabase.create(on: cluster).connect { $0.pool.acquireTimeout = .seconds(60) }
    try await cluster.stop()
    let task = Task { try await answers(database) }
    while database.statistics.waiting == 0 { await Task.yield() }
    try await cluster.start()
    #expect(try await task.value)
  }

  @Test("calls made while the server is down fail with the reason when it does not come back in time")
  func away() async throws {
    let cluster = try await TestCluster.makePrivate()
    let database = try await TestDatabase.create(on: cluster).connect { $0.pool.acquireTimeout = .milliseconds(150) }
    try await cluster.stop()
    let error = await failure { try await database.query("SELECT 1") }
    #expect(error?.kind == .connectionFailed)
    #expect(error?.mayHaveTakenEffect == false)
    let health = await database.health()
    #expect(!health.isHealthy)
  }

  /// Returns whether a query is answered. Repeats it while it had no effect, as an idempotent caller does.
  private func answers(_ database: Database) async throws -> Bool {
    while true {
      do {
        return try await database.query("SELECT 1").count == 1
      } catch {
        guard error.isRetryable else { throw error }
      }
    }
  }
}
