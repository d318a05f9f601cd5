internal import Logging
internal import Postgres

extension LocalSuite {
  /// What the auditor says of the suite's ledger.
  func auditLedger(_ terminal: Terminal) async throws -> String {
    terminal.write(line: "Auditing the ledger …")
    let database = Database(configuration: AuditDatabase.configuration(roles.url(of: "loyalty")), logger: .silent)
    let report = try await LedgerAudit().run(on: database, terminal: terminal)
    await database.shutdown()
    return report.verdict
  }
}
