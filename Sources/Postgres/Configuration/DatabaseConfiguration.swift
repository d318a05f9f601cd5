/// The address of a PostgreSQL server, and the settings of its connections.
public struct DatabaseConfiguration: Sendable {
  /// The server's address in either form of libpq: `postgres://user@host:5432/database?sslmode=require` or
  /// `host=/run/postgresql dbname=patron user=members`. A host that begins with `/` is the folder of a unix socket.
  /// Missing parts come from libpq's environment variables and defaults. May contain a password, so it is never logged.
  public var connectionString: String

  /// The number of connections and how calls share them.
  public var pool: PoolConfiguration

  /// The server settings of every connection.
  public var session: SessionConfiguration

  /// How long a call without a deadline of its own may take from its start to its answer. 30 s: longer than any
  /// statement of a request should take, short enough that a hanging server is noticed.
  public var queryTimeout: Duration = .seconds(30)

  /// How long establishing a connection may take, including TLS and authentication.
  public var connectTimeout: Duration = .seconds(5)

  /// How many prepared statements each connection caches. Preparing another one closes the least recently used one. 256
  /// is several times what one service uses. At least 1.
  public var preparedStatements: Int = 256

  /// How abandoned statements are cancelled.
  public var cancellation = CancellationConfiguration()

  /// Makes settings for a server. Everything else has its default.
  public init(
    connectionString: String,
    pool: PoolConfiguration = .defaults,
    session: SessionConfiguration = .defaults
  ) {
    self.connectionString = connectionString
    self.pool = pool
    self.session = session
  }
}

extension DatabaseConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The application name and the pool. Omits the connection string, which may contain a password.
  public var description: String { "DatabaseConfiguration(\(session.applicationName), \(pool))" }

  public var debugDescription: String { description }

  public var customMirror: Mirror { Mirror(self, children: ["session": session, "pool": pool]) }
}

/// How abandoned statements are cancelled.
public struct CancellationConfiguration: Sendable {
  /// How long an abandoned statement may continue before PostgreSQL is asked to cancel it. 10 ms: most end sooner, and
  /// a cancel request costs the server a new process.
  public var delay: Duration = .milliseconds(10)

  /// How long the statement may run after the cancel request before the connection is closed. 5 s.
  public var timeout: Duration = .seconds(5)

  public init() {}
}
