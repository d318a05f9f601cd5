import Postgres
import PostgresTestSupport
import Testing

@Suite("A pool that is full")
struct PoolLimitTests {
  @Test("one call too many fails at once and names the setting")
  func waitingLimit() async throws {
    let test = try await TestDatabase.create()
    let gate = try await Gate(test)
    let database = test.connect {
      $0.pool.maximumConnections = 1
      $0.pool.queriesInFlightPerConnection = 1
      $0.pool.waitingLimit = 1
    }
    async let slow = database.query("SELECT \(Gate.pass)")
    try await gate.hold(1)
    // The one that holds the connection may still be counted: the figures follow a moment later.
    while database.statistics.waiting != 0 { await Task.yield() }
    async let waiting = database.query("SELECT 1")
    while database.statistics.waiting == 0 { await Task.yield() }
    let error = await failure { try await database.query("SELECT 2") }
    #expect(error?.kind == .poolExhausted)
    #expect(error?.reason.contains("waitingLimit") == true)
    try await gate.open()
    _ = try await (slow, waiting)
  }

  @Test("a call that waits too long for a connection fails and names the setting")
  func acquireTimeout() async throws {
    let test = try await TestDatabase.create()
    let gate = try await Gate(test)
    let database = test.connect {
      $0.pool.maximumConnections = 1
      $0.pool.acquireTimeout = .milliseconds(300)
    }
    // The connection exists before the time to get it counts.
    while await failure({ try await database.query("SELECT 1") }) != nil {}
    async let holder: Rows = database.transaction { try await $0.query("SELECT \(Gate.pass)") }
    try await gate.hold(1)
    for call in [
      { _ = try await database.query("SELECT 1") },
      { _ = try await database.transaction { try await $0.query("SELECT 1") } },
    ] as [@Sendable () async throws -> Void] {
      let error = await failure(call)
      #expect(error?.kind == .poolExhausted)
      #expect(error?.reason.contains("acquireTimeout") == true)
    }
    try await gate.open()
    _ = try await holder
  }

  @Test("never more sessions than the maximum, however many calls")
  func maximum() async throws {
    try await TestDatabase.with(configure: { $0.pool.maximumConnections = 3 }) { database in
      let backends = try await withThrowingTaskGroup(of: Int32.self) { group in
        for number in 0..<300 {
          group.addTask {
            if number % 3 > 0 { return try await database.query("SELECT pg_backend_pid()")[0].decode(Int32.self) }
            return try await database.transaction {
              try await $0.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
            }
          }
        }
        return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
      }
      #expect(backends.count <= 3)
    }
  }

  @Test("a database that does not exist is reported at once, with PostgreSQL's code")
  func unknownDatabase() async throws {
    let cluster = try await TestCluster.shared()
    let configuration = DatabaseConfiguration(connectionString: cluster.connectionString(database: "nowhere"))
    let database = Database(configuration: configuration)
    let error = await failure { try await database.query("SELECT 1") }
    #expect(error?.kind == .connectionFailed)
    #expect(error?.sqlState == .invalidCatalogName)
  }

  @Test("a connection string that makes no sense is reported at once")
  func invalidString() async throws {
    let database = Database(configuration: DatabaseConfiguration(connectionString: "nonsense"))
    let error = await failure { try await database.query("SELECT 1") }
    #expect(error?.kind == .invalidUse)
  }
}
