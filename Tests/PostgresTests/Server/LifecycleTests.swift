import Postgres
import PostgresTestSupport
import Testing

@Suite("The life of a database object")
struct LifecycleTests {
  @Test("a shutdown lets running calls finish and refuses new ones")
  func shutdown() async throws {
    let test = try await TestDatabase.create()
    let gate = try await Gate(test)
    let database = test.connect()
    let running = Task { try await database.query("SELECT \(Gate.pass), 7") }
    try await gate.hold(1)
    async let stopped: Void = database.shutdown(grace: .seconds(60))
    while await failure({ try await database.query("SELECT 1") })?.kind != .shutDown { await Task.yield() }
    try await gate.open()
    #expect(try await running.value[0].decode(column: 1, as: Int.self) == 7)
    await stopped
    #expect(database.statistics.open == 0)
    #expect(await failure { try await database.query("SELECT 1") }?.kind == .shutDown)
  }

  @Test("what has not finished when the grace is over fails")
  func graceOver() async throws {
    let test = try await TestDatabase.create()
    let gate = try await Gate(test)
    let database = test.connect()
    let running = Task { try await database.query("SELECT \(Gate.pass)") }
    try await gate.hold(1)
    await database.shutdown(grace: .zero)
    #expect(await failure { _ = try await running.value } != nil)
    try await gate.open()
  }

  @Test("a second shutdown returns as well")
  func twice() async throws {
    let database = try await TestDatabase.create().connect()
    try await database.query("SELECT 1")
    await database.shutdown()
    await database.shutdown()
  }

  @Test("run returns when its task is cancelled and everything is closed")
  func run() async throws {
    let database = try await TestDatabase.create().connect()
    let task = Task { await database.run() }
    try await database.query("SELECT 1")
    task.cancel()
    await task.value
    #expect(database.statistics.open == 0)
  }

  @Test("sessions end when the object is let go")
  func letGo() async throws {
    let test = try await TestDatabase.create()
    let watcher = test.connect { $0.pool.maximumConnections = 1 }
    func others() async throws -> Int {
      try await watcher.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
      ).count
    }
    do {
      let database = test.connect()
      try await database.query("SELECT 1")
      #expect(try await others() == 1)
    }
    while try await others() > 0 { await Task.yield() }
  }

  @Test("a database that answers is healthy")
  func health() async throws {
    try await TestDatabase.with { database in
      let health = await database.health(timeout: .seconds(60))
      #expect(health.isHealthy)
    }
  }

  @Test("the application's name and the schemas are set on every connection")
  func session() async throws {
    try await TestDatabase.with(configure: {
      $0.session.applicationName = "members"
      $0.session.searchPath = ["my schema", "public"]
    }) { database in
      let row = try await database.query("SELECT current_setting('application_name'), current_setting('search_path')")[
        0
      ]
      #expect(try row.decode(String.self, String.self) == ("members", "\"my schema\",\"public\""))
    }
  }

  @Test("a URL reaches the same database as key and value")
  func url() async throws {
    let cluster = try await TestCluster.makePrivate()
    let pairs = cluster.connectionString(database: "postgres")
    let host = try #require(pairs.split(separator: " ").first { $0.hasPrefix("host=") }).dropFirst(5)
    let url = "postgresql://postgres@/postgres?host=\(host)"
    let database = Database(configuration: DatabaseConfiguration(connectionString: url))
    #expect(try await database.query("SELECT current_user::text")[0].decode(String.self) == "postgres")
  }
}
