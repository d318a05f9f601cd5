import Foundation
import Glibc
import Logging
import Postgres

/// A real PostgreSQL server for tests: private, on a unix socket in a short temporary folder, with `fsync` off.
///
/// All tests of a process share one (``shared()``), each with a database of its own. A test that stops or kills the
/// server has its own (``makePrivate()``). A guard process stops the server and removes its folder when the test
/// process has ended for any reason. With `PATRON_TEST_DATABASE_URL` set, ``shared()`` is that server instead.
public final class TestCluster: Sendable {
  /// The ways to stop the server.
  public enum StopMode: String, Sendable {
    /// Ends all sessions and shuts down properly.
    case fast
    /// Ends at once, as after a crash.
    case immediate
  }

  private static let sharedCluster = Task { () async throws -> TestCluster in
    if let url = ProcessInfo.processInfo.environment["PATRON_TEST_DATABASE_URL"], !url.isEmpty {
      return TestCluster(.external(url: url))
    }
    return try await makePrivate()
  }

  private static let template = Task { () async throws -> ClusterTemplate in
    try await onOwnThread { try ClusterTemplate() }
  }

  private enum Place: Sendable {
    case external(url: String)
    case local(folder: ClusterFolder)

    func connectionString(database: String, user: String?) -> String {
      switch self {
      case .external(let url): TestCluster.replaceDatabase(of: url, with: database, user: user)
      case .local(let folder): "host=\(folder.socketPath) dbname=\(database) user=\(user ?? "postgres")"
      }
    }
  }

  private let place: Place
  /// Creates and removes databases, few at a time however many tests start at once.
  private let administrator: Database

  private init(_ place: Place) {
    self.place = place
    var configuration = DatabaseConfiguration(connectionString: place.connectionString(database: "postgres", user: nil))
    configuration.pool.minimumConnections = 0
    configuration.pool.maximumConnections = 4
    configuration.pool.queriesInFlightPerConnection = 1
    configuration.pool.acquireTimeout = .seconds(600)
    configuration.queryTimeout = .seconds(600)
    configuration.session.statementTimeout = nil
    administrator = Database(
      configuration: configuration,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    )
  }

  deinit {
    if case .local(let folder) = place { folder.abandon() }
  }

  /// Returns the server that all tests of this process share. The first call starts it.
  public static func shared() async throws -> TestCluster {
    try await sharedCluster.value
  }

  /// Starts a server for one test. It ends when the object is released.
  public static func makePrivate() async throws -> TestCluster {
    let template = try await template.value
    let folder = try await onOwnThread { try ClusterFolder(copying: template) }
    return TestCluster(.local(folder: folder))
  }

  /// Returns the connection string of one of the server's databases.
  public func connectionString(database: String, user: String? = nil) -> String {
    place.connectionString(database: database, user: user)
  }

  /// Executes a statement for the whole server as its superuser.
  func administer(_ sql: SQL) async throws {
    try await administrator.execute(sql)
  }

  /// Stops the server.
  public func stop(_ mode: StopMode = .fast) async throws {
    let folder = try local()
    try await onOwnThread { try folder.control("stop -w -m \(mode.rawValue)") }
  }

  /// Starts the server again after ``stop(_:)`` or ``kill()``.
  public func start() async throws {
    let folder = try local()
    try await onOwnThread { try folder.start() }
  }

  /// Stops the server and starts it again.
  public func restart(_ mode: StopMode = .fast) async throws {
    try await stop(mode)
    try await start()
  }

  /// Kills the server's main process with SIGKILL. Its sessions end as soon as they notice.
  public func kill() async throws {
    let folder = try local()
    try await onOwnThread { try folder.killPostmaster() }
  }

  /// Kills one session's process with SIGKILL. PostgreSQL then ends all others too and recovers.
  public func killBackend(_ processID: Int32) throws {
    _ = try local()
    guard processID > 1, Glibc.kill(processID, SIGKILL) == 0 else {
      throw TestSupportError("the backend \(processID) cannot be killed")
    }
  }

  /// Returns the server's log.
  public func log() throws -> String {
    try String(contentsOfFile: try local().logPath, encoding: .utf8)
  }

  private func local() throws -> ClusterFolder {
    guard case .local(let folder) = place else {
      throw TestSupportError("the server of PATRON_TEST_DATABASE_URL is not ours to stop")
    }
    return folder
  }

  private static func replaceDatabase(of url: String, with database: String, user: String?) -> String {
    guard url.contains("://"), var components = URLComponents(string: url) else {
      return url + " dbname=\(database)" + (user.map { " user=\($0)" } ?? "")
    }
    components.path = "/" + database
    if let user { components.user = user }
    return components.string ?? url
  }
}

/// Why the test server does not work.
public struct TestSupportError: Error, CustomStringConvertible {
  public var description: String

  init(_ description: String) {
    self.description = description
  }
}
