import Foundation
package import LocalSuite
import Logging
package import Postgres

/// Where an audit reads.
package enum AuditDatabase {
  /// Runs `body` on the database of a URL, or of the suite in a local folder, there as the role that owns the server and may
  /// read every service's schema. That suite may be running: it goes on. If it
  /// is not, its PostgreSQL is started for as long as it takes.
  package static func with<Value>(
    url: String?,
    local path: String,
    terminal: Terminal,
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    let given = url ?? ProcessInfo.processInfo.environment["PATRON_DATABASE_URL"]
    if let given, !given.isEmpty { return try await connected(to: given, body) }
    let local = LocalDirectory(observing: path)
    guard FileManager.default.fileExists(atPath: local.path(of: "passwords")) else {
      throw SuiteError("There is no suite in \(local.path). Name a --local folder, or a --database.")
    }
    let passwords = try Passwords(in: local, roles: [])
    let cluster = try PrivateCluster(in: local, passwords: passwords)
    if await cluster.answers() { return try await connected(to: cluster.server.url(), body) }
    let stopped = try await LocalSuite(SuiteOptions(local: path, output: .files), terminal: terminal)
    defer { stopped.local.release() }
    let suite = try await stopped.databaseOnly()
    guard await suite.start() else { throw SuiteError("PostgreSQL did not start; see \(local.path(of: "logs")).") }
    let result: Result<Value, any Error>
    do {
      result = .success(try await connected(to: cluster.server.url(), body))
    } catch {
      result = .failure(error)
    }
    await suite.stop()
    _ = await suite.waitForEnd()
    return try result.get()
  }

  /// One connection that may read for hours, and never writes.
  package static func configuration(_ connectionString: String) -> DatabaseConfiguration {
    var configuration = DatabaseConfiguration(connectionString: connectionString)
    configuration.pool.maximumConnections = 1
    configuration.queryTimeout = .seconds(86_400)
    configuration.session.applicationName = "patron audit"
    configuration.session.searchPath = ["loyalty"]
    configuration.session.statementTimeout = nil
    configuration.session.idleInTransactionTimeout = nil
    configuration.session.settings = ["work_mem": "256MB", "default_transaction_read_only": "on"]
    return configuration
  }

  private static func connected<Value>(
    to connectionString: String,
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    try await Database.use(configuration(connectionString), body)
  }
}
