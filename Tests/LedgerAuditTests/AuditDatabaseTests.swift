import Foundation
import Logging
import LoyaltyService
import LoyaltyTestSupport
import Postgres
import Testing

@testable import LedgerAudit
@testable import LocalSuite

@Suite("Where patron audit reads")
struct AuditDatabaseTests {
  private let terminal = Terminal(isInteractive: false, hasColours: false)

  private func audit(_ path: String) async throws -> AuditReport {
    try await AuditDatabase.with(url: nil, local: path, terminal: terminal) { database in
      try await LedgerAudit().run(on: database, terminal: nil)
    }
  }

  @Test("is the private PostgreSQL of a local folder, while the suite runs and after it has stopped")
  func local() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("patron-test-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let local = try await LocalSuite(SuiteOptions(local: path, output: .files), terminal: terminal)
    let suite = try await local.databaseOnly()
    #expect(await suite.start())
    do {
      let database = Database(
        configuration: DatabaseConfiguration(connectionString: local.roles.url(of: "loyalty")),
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      )
      try await migrate(database, LoyaltyService.self)
      await database.shutdown()
      #expect(try await audit(path).verdict == "clean")
    } catch {
      Issue.record(error)
    }
    await suite.stop()
    #expect(await suite.waitForEnd() == 0)
    local.local.release()
    #expect(try await audit(path).verdict == "clean")
  }

  @Test("is nowhere if the folder has no suite, and none is made there")
  func nowhere() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("patron-test-\(UUID())").path
    await #expect(throws: SuiteError.self) { try await audit(path) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("is read with a session that cannot write")
  func readOnly() async throws {
    try await AuditedLedger.with { ledger in
      let url = ledger.database.configuration.connectionString
      try await AuditDatabase.with(url: url, local: "", terminal: terminal) { database in
        let error = await #expect(throws: PostgresError.self) {
          try await database.execute("DELETE FROM ledger_account")
        }
        #expect(error?.sqlState == SQLState(rawValue: "25006"))
        let report = try await LedgerAudit().run(on: database, terminal: nil)
        #expect(report.verdict == "clean")
      }
    }
  }
}
