import Foundation
import Postgres
import PostgresTestSupport
import Testing

@Suite("Migrations")
struct MigrationTests {
  private let steps = [
    Migration(
      version: 1,
      name: "create_member",
      sql: "CREATE TABLE member (id bigint); CREATE TABLE card (id bigint);"
    ),
    Migration(version: 2, name: "add_name", sql: "ALTER TABLE member ADD COLUMN name text;\n-- the end\n"),
  ]

  @Test("steps are applied in order in the service's schema, once")
  func apply() async throws {
    try await TestDatabase.with { database in
      let migrator = Migrator(database, schema: "members", migrations: steps)
      #expect(try await migrator.apply().map(\.version) == [1, 2])
      #expect(try await database.query("SELECT name FROM members.member").isEmpty)
      #expect(try await migrator.apply().isEmpty)
      let remembered = try await database.query(
        "SELECT version, name, length(checksum), applied_at > now() - interval '1 hour' FROM members.schema_migration"
      )
      #expect(
        try remembered.decode(Int.self, String.self, Int.self, Bool.self).map(\.1) == ["create_member", "add_name"]
      )
    }
  }

  @Test("a new step is applied after those that were")
  func continues() async throws {
    try await TestDatabase.with { (database: Database) async throws in
      #expect(try await Migrator(database, schema: "s", migrations: [steps[0]]).apply().map(\.version) == [1])
      #expect(try await Migrator(database, schema: "s", migrations: steps).apply().map(\.version) == [2])
    }
  }

  @Test("a changed step is refused")
  func changed() async throws {
    try await TestDatabase.with { database in
      try await Migrator(database, schema: "s", migrations: steps).apply()
      var changed = steps
      changed[0].sql += " "
      let error = await failure { try await Migrator(database, schema: "s", migrations: changed).apply() }
      #expect(error?.kind == .migration)
      #expect(error?.reason.contains("0001_create_member.sql was changed") == true)
    }
  }

  @Test("a missing step is refused")
  func missing() async throws {
    try await TestDatabase.with { database in
      try await Migrator(database, schema: "s", migrations: steps).apply()
      let error = await failure { try await Migrator(database, schema: "s", migrations: [steps[0]]).apply() }
      #expect(error?.kind == .migration)
      #expect(error?.reason.contains("add_name") == true)
    }
  }

  @Test("a step that fails leaves nothing behind, those before it stay")
  func failing() async throws {
    try await TestDatabase.with { (database: Database) async throws in
      let bad = Migration(version: 2, name: "bad", sql: "CREATE TABLE half (id bigint); SELECT 1 / 0;")
      let error = await failure { try await Migrator(database, schema: "s", migrations: [steps[0], bad]).apply() }
      #expect(error?.kind == .server)
      #expect(error?.reason.contains("0002_bad.sql") == true)
      #expect(await failure { try await database.query("SELECT * FROM s.half") }?.sqlState == .undefinedTable)
      #expect(try await database.query("SELECT version FROM s.schema_migration").decode(Int.self).count == 1)
    }
  }

  @Test("a step that ends its own transaction is refused")
  func endsTransaction() async throws {
    try await TestDatabase.with { database in
      let bad = Migration(version: 1, name: "bad", sql: "CREATE TABLE a (id bigint); COMMIT;")
      let error = await failure { try await Migrator(database, schema: "s", migrations: [bad]).apply() }
      #expect(error?.kind == .migration)
    }
  }

  @Test("eight processes at once apply every step once")
  func concurrent() async throws {
    try await TestDatabase.with { database in
      let migrator = Migrator(database, schema: "s", migrations: steps)
      let applied = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 { group.addTask { try await migrator.apply().count } }
        return try await group.reduce(0, +)
      }
      #expect(applied == 2)
    }
  }

  @Test("two schemas of one database are migrated apart")
  func schemas() async throws {
    try await TestDatabase.with { (database: Database) async throws in
      async let one = Migrator(database, schema: "one", migrations: steps).apply()
      async let two = Migrator(database, schema: "two", migrations: steps).apply()
      #expect(try await (one.count, two.count) == (2, 2))
    }
  }

  @Test("a role that owns only its schema can migrate it")
  func ownRole() async throws {
    let test = try await TestDatabase.create()
    let administrator = test.connect()
    let role = "owner_of_" + test.name
    try await administrator.execute("CREATE ROLE \(identifier: role) LOGIN")
    try await administrator.execute("CREATE SCHEMA s AUTHORIZATION \(identifier: role)")
    #expect(try await Migrator(test.connect(user: role), schema: "s", migrations: steps).apply().count == 2)
    await administrator.shutdown()
  }

  @Test("files are read from a folder by number, and a file with another name is refused")
  func files() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "migrations-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for step in steps {
      try step.sql.write(to: folder.appending(path: step.fileName), atomically: true, encoding: .utf8)
    }
    try "notes".write(to: folder.appending(path: "README.md"), atomically: true, encoding: .utf8)
    #expect(try Migration.files(in: folder) == steps)
    try "SELECT 1".write(to: folder.appending(path: "later.sql"), atomically: true, encoding: .utf8)
    #expect(throws: PostgresError.self) { try Migration.files(in: folder) }
    #expect(throws: PostgresError.self) { try Migration.files(in: folder.appending(path: "missing")) }
  }
}
