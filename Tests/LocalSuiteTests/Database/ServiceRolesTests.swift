import Foundation
import Logging
import Postgres
import Testing

@testable import LocalSuite

@Suite("The private PostgreSQL")
struct ServiceRolesTests {
  private func withLocalSuite(_ path: String, _ body: (LocalSuite) async throws -> Void) async throws {
    let terminal = Terminal(isInteractive: false, hasColours: false)
    let local = try await LocalSuite(SuiteOptions(local: path, output: .files), terminal: terminal)
    let suite = try await local.databaseOnly()
    #expect(await suite.start())
    do {
      try await body(local)
    } catch {
      Issue.record(error)
    }
    await suite.stop()
    #expect(await suite.waitForEnd() == 0)
    local.local.release()
  }

  private func database(_ url: String) -> Database {
    Database(
      configuration: DatabaseConfiguration(connectionString: url),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
  }

  @Test("a password that the operator chose may have any character")
  func chosenPassword() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("patron-test-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let chosen = #"it's "quoted" \and/slashed@密码=#?&%20"#
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try "members=\(chosen)\n".write(toFile: path + "/passwords", atomically: true, encoding: .utf8)
    try await withLocalSuite(path) { local in
      #expect(local.roles.passwords["members"] == chosen)
      let members = database(local.roles.url(of: "members"))
      let rows = try await members.query("SELECT current_user::text")
      let user = try rows.first?.decode(String.self)
      #expect(user == "members")
      await members.shutdown()
    }
  }

  @Test("each service's role may do as it likes in its own schema, and nothing in the others'; data outlives a restart")
  func isolation() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("patron-test-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }

    try await withLocalSuite(path) { local in
      let members = database(local.roles.url(of: "members"))
      let loyalty = database(local.roles.url(of: "loyalty"))
      try await members.execute("CREATE TABLE secret (value integer)")
      try await members.execute("INSERT INTO secret VALUES (1)")

      for statement: SQL in [
        "SELECT * FROM members.secret", "CREATE TABLE members.mine (value integer)",
        "CREATE TABLE public.mine (value integer)", "CREATE SCHEMA mine", "SET ROLE members",
      ] {
        let error = await #expect(throws: PostgresError.self) { try await loyalty.execute(statement) }
        #expect(error?.sqlState == .insufficientPrivilege)
      }
      let elsewhere = database(
        local.roles.server.address.url(
          role: "loyalty",
          password: local.roles.passwords["loyalty"],
          database: "postgres"
        )
      )
      await #expect(throws: PostgresError.self) { try await elsewhere.execute("SELECT 1") }
      let impostor = database(local.roles.server.address.url(role: "members", password: "guess"))
      await #expect(throws: PostgresError.self) { try await impostor.execute("SELECT 1") }
      for database in [members, loyalty, elsewhere, impostor] { await database.shutdown() }
    }

    try await withLocalSuite(path) { local in
      let members = database(local.roles.url(of: "members"))
      let rows = try await members.query("SELECT value FROM secret")
      let values = try rows.map { row -> Int32 in try row.decode(Int32.self) }
      #expect(values == [1])
      await members.shutdown()
    }
  }
}
