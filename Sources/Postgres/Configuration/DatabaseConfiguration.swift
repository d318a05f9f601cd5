/// How to reach a PostgreSQL server and how to treat it.
public struct DatabaseConfiguration: Sendable {
  /// Where the server is, in either form libpq takes: `postgres://user@host:5432/database?sslmode=require` or
  /// `host=/run/postgresql dbname=patron user=members`. A host that begins with `/` is a unix socket's folder.
  /// Whatever the string leaves out comes from libpq's environment variables and defaults. May hold a password:
  /// it is never logged.
  public var connectionString: String

  /// How many connections there are and how calls share them.
  public var pool: PoolConfiguration

  /// What every connection is told when it begins.
  public var session: SessionConfiguration

  /// How long a call may take from being made to its answer when it names no deadline itself. 30 s: longer than any
  /// statement of a request should take, short enough that a hanging server is noticed.
  public var queryTimeout: Duration = .seconds(30)

  /// How long making a connection may take, TLS and authentication included.
  public var connectTimeout: Duration = .seconds(5)

  /// How many prepared statements each connection keeps. 256 is several times what one service has; the least
  /// recently used one makes room once the next is prepared. At least 1.
  public var preparedStatements: Int = 256

  /// How statements that nobody waits for any more are stopped.
  public var cancellation = CancellationConfiguration()

  /// Settings for a server, everything else at its default.
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
  /// Leaves the connection string out, which may hold a password.
  public var description: String { "DatabaseConfiguration(\(session.applicationName), \(pool))" }

  public var debugDescription: String { description }

  public var customMirror: Mirror { Mirror(self, children: ["session": session, "pool": pool]) }
}

/// How statements that nobody waits for any more are stopped.
public struct CancellationConfiguration: Sendable {
  /// How long an abandoned statement may go on before PostgreSQL is asked to cancel it. Most end sooner by
  /// themselves, and a request to cancel costs the server a new process. 10 ms.
  public var delay: Duration = .milliseconds(10)

  /// How long after that the connection is given up when the statement still runs. 5 s.
  public var timeout: Duration = .seconds(5)

  public init() {}
}
