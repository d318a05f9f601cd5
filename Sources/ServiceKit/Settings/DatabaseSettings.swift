public import Postgres

/// How a service reaches its database.
public struct DatabaseSettings: SettingsGroup {
  /// The connection string; may hold a password.
  public let url: Secret
  /// Whether migrations are applied at start.
  public let isMigratedAtStart: Bool
  private let maximumConnections: Int
  private let queryTimeout: Duration
  private let statementTimeout: Duration
  private let acquireTimeout: Duration

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    url = settings.requiredSecret(
      "database.url",
      shared: true,
      "PostgreSQL's connection string, such as postgres://members:password@host:5432/patron."
    )
    maximumConnections = settings.value(
      "database.maximumConnections",
      default: PoolConfiguration.defaults.maximumConnections,
      in: 1...1_000,
      shared: true,
      "Most connections at once, the one that listens not counted."
    )
    acquireTimeout = settings.value(
      "database.acquireTimeout",
      default: PoolConfiguration.defaults.acquireTimeout,
      in: Duration.milliseconds(1)...Duration.seconds(600),
      shared: true,
      "How long a call may wait for a free connection."
    )
    queryTimeout = settings.value(
      "database.queryTimeout",
      default: .seconds(30),
      in: Duration.milliseconds(1)...Duration.seconds(3600),
      shared: true,
      "How long one query may take when the call that makes it has no earlier deadline."
    )
    statementTimeout = settings.value(
      "database.statementTimeout",
      default: .seconds(35),
      in: Duration.milliseconds(1)...Duration.seconds(3600),
      shared: true,
      "The server's own limit for one statement."
    )
    isMigratedAtStart = settings.value(
      "database.migrate",
      default: true,
      shared: true,
      "Apply migrations at start, under an advisory lock. With false the service refuses to start on an older schema."
    )
  }

  /// The same as the library wants it; connections carry the service's name.
  public func configuration(service: String) -> DatabaseConfiguration {
    var pool = PoolConfiguration.defaults
    pool.maximumConnections = maximumConnections
    pool.acquireTimeout = acquireTimeout
    var session = SessionConfiguration.defaults
    session.applicationName = "patron \(service)"
    session.statementTimeout = statementTimeout
    var configuration = DatabaseConfiguration(connectionString: url.value, pool: pool, session: session)
    configuration.queryTimeout = queryTimeout
    return configuration
  }
}
