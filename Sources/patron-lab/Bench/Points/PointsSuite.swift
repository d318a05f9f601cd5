import LedgerAudit
import LocalSuite
import Logging
import Postgres
import RPC

extension LocalSuite {
  /// Has the suite's PostgreSQL do what concerns the whole server, as its owner.
  func onServer(_ statement: SQL) async throws {
    let server = Database.forBenchmark(roles.server.url(database: "postgres"))
    try await server.execute(statement)
    await server.shutdown()
  }
}

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

extension PointsMembers {
  /// Opens the accounts in a suite's ledger, shows on the terminal how that gets on, and has PostgreSQL write all of it to
  /// its files.
  ///
  /// - Parameter first: The first member that has no account yet.
  func fill(_ database: Database, of local: LocalSuite, from first: Int = 0, terminal: Terminal) async throws {
    let progress = ProgressReporter("Opening accounts", total: count - first, terminal: terminal)
    try await fill(database, from: first) { progress.advance(by: $0) }
    progress.finish()
    try await local.onServer("CHECKPOINT")
  }
}

extension Channel {
  /// The way of a benchmark to a service: a connection takes 100 calls at a time, and there are more under way.
  static func forBenchmark(_ target: String) throws -> Channel {
    var configuration = ChannelConfiguration()
    configuration.limits.connectionsPerAddressMaximum = 16
    return try Channel(target: target, configuration: configuration, logger: .silent)
  }
}

extension Database {
  /// A database for filling and measuring: statements take as long as they take.
  static func forBenchmark(_ url: String) -> Database {
    var configuration = DatabaseConfiguration(connectionString: url)
    configuration.queryTimeout = .seconds(3_600)
    configuration.session.statementTimeout = nil
    return Database(configuration: configuration, logger: .silent)
  }
}
