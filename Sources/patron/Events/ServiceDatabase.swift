import Foundation
import LocalSuite
import Logging
import Postgres

/// The database of one service, as an operator reaches it.
enum ServiceDatabase {
  /// Runs `body` on a service's database: that of a URL, else of `PATRON_<SERVICE>_DATABASE_URL` or `PATRON_DATABASE_URL`,
  /// else of the running suite in a local folder.
  static func with<Value>(
    service: String,
    url: String?,
    local path: String,
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    var configuration = DatabaseConfiguration(connectionString: try await connectionString(service, url, path))
    configuration.pool.maximumConnections = 1
    configuration.session.applicationName = "patron events"
    configuration.session.searchPath = [service]
    return try await Database.use(configuration, body)
  }

  private static func connectionString(_ service: String, _ url: String?, _ path: String) async throws -> String {
    let environment = ProcessInfo.processInfo.environment
    let named = [
      url, environment["PATRON_\(service.uppercased())_DATABASE_URL"], environment["PATRON_DATABASE_URL"],
    ]
    if let given = named.compactMap(\.self).first(where: { !$0.isEmpty }) { return given }
    let local = LocalDirectory(observing: path)
    guard FileManager.default.fileExists(atPath: local.path(of: "passwords")) else {
      throw SuiteError("There is no suite in \(local.path). Name a --local folder, or a --service and its --database.")
    }
    let passwords = try Passwords(in: local, roles: [])
    let cluster = try PrivateCluster(in: local, passwords: passwords)
    guard await cluster.answers() else {
      throw SuiteError("The suite in \(local.path) is not running.")
    }
    return ServiceRoles(server: cluster.server, passwords: passwords, logger: .silent).url(of: service)
  }
}
