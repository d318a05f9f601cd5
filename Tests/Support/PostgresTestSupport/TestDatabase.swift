import Glibc
import Logging
public import Postgres
import Synchronization

/// A fresh, empty database for one test.
public struct TestDatabase: Sendable {
  /// The database's server.
  public let cluster: TestCluster

  /// The database's name.
  public let name: String

  private static let lastNumber = Atomic(0)

  /// Makes a database.
  ///
  /// - Parameter cluster: The server, the shared one when nil.
  public static func create(on cluster: TestCluster? = nil) async throws -> TestDatabase {
    let server: TestCluster
    if let cluster { server = cluster } else { server = try await TestCluster.shared() }
    let number = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
    let database = TestDatabase(cluster: server, name: "patron_test_\(getpid())_\(number)")
    try await server.administer("CREATE DATABASE \(identifier: database.name) TEMPLATE template0")
    return database
  }

  /// Removes the database and ends every session in it. Needed only on a server that outlives the tests.
  public func drop() async throws {
    try await cluster.administer("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
  }

  /// Returns the connection string, by default of the server's superuser.
  public func connectionString(user: String? = nil) -> String {
    cluster.connectionString(database: name, user: user)
  }

  /// Connects.
  ///
  /// - Parameters:
  ///   - user: The role, the server's superuser when nil.
  ///   - change: Changes the default settings.
  public func connect(user: String? = nil, _ change: (inout DatabaseConfiguration) -> Void = { _ in }) -> Database {
    var configuration = DatabaseConfiguration(connectionString: connectionString(user: user))
    change(&configuration)
    return Database(
      configuration: configuration,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    )
  }

  /// Runs `body` with a connection to a fresh database that is removed afterwards.
  public static func with<Value>(
    on cluster: TestCluster? = nil,
    configure change: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    let test = try await create(on: cluster)
    let database = test.connect(change)
    do {
      let value = try await body(database)
      await database.shutdown(grace: .zero)
      try await test.drop()
      return value
    } catch {
      await database.shutdown(grace: .zero)
      try? await test.drop()
      throw error
    }
  }
}
