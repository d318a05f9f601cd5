public import FoundationEssentials
public import Logging

/// Brings a service's schema up to date: applies numbered SQL files that have not been applied yet, in order, each in
/// its own transaction, and remembers them with the SHA-256 of their text in the schema's table `schema_migration`.
///
/// Any number of processes may do this at once: an advisory lock lets one work and the others find everything done.
public struct Migrator: Sendable {
  private let database: Database
  private let schema: String
  private let migrations: [Migration]
  private let logger: Logger

  /// How long one file may take, and how long to wait for another process that migrates. 10 minutes.
  public var timeout: Duration = .seconds(600)

  /// - Parameters:
  ///   - database: Connects with a role that may create tables in the schema.
  ///   - schema: The schema; made when it does not exist. Unqualified names in the files lie in it.
  ///   - migrations: The steps.
  public init(
    _ database: Database,
    schema: String,
    migrations: [Migration],
    logger: Logger = Logger(label: "postgres.migrations")
  ) {
    self.database = database
    self.schema = schema
    self.migrations = migrations
    self.logger = logger
  }

  /// - Parameters:
  ///   - database: Connects with a role that may create tables in the schema.
  ///   - schema: The schema; made when it does not exist. Unqualified names in the files lie in it.
  ///   - directory: The folder with files named like `0001_create_member.sql`.
  /// - Throws: a ``PostgresError`` of kind ``PostgresError/Kind/migration`` when the folder cannot be read.
  public init(
    _ database: Database,
    schema: String,
    directory: URL,
    logger: Logger = Logger(label: "postgres.migrations")
  ) throws(PostgresError) {
    let migrations = try Migration.files(in: directory)
    self.init(database, schema: schema, migrations: migrations, logger: logger)
  }

  /// What has not been applied yet, without applying it.
  ///
  /// - Throws: as ``apply()`` does.
  public func pending() async throws(PostgresError) -> [Migration] {
    let run = MigrationRun(database, schema: schema, timeout: timeout)
    defer { run.session.end(.discard) }
    try await run.lock()
    try await run.prepareSchema()
    let checksums = try await run.checksums(of: migrations)
    return try MigrationPlan(migrations, checksums: checksums, applied: try await run.applied()).pending
  }

  /// Applies what has not been applied yet.
  ///
  /// - Returns: The steps applied now; empty when there was nothing to do.
  /// - Throws: ``PostgresError``; of kind ``PostgresError/Kind/migration`` when an applied file is missing or was
  ///   changed. What was applied before a failing step stays applied.
  @discardableResult
  public func apply() async throws(PostgresError) -> [Migration] {
    let run = MigrationRun(database, schema: schema, timeout: timeout)
    // Closing the connection gives the lock back, and the session's settings go with it.
    defer { run.session.end(.discard) }
    try await run.lock()
    try await run.prepareSchema()
    let checksums = try await run.checksums(of: migrations)
    let plan = try MigrationPlan(migrations, checksums: checksums, applied: try await run.applied())
    for migration in plan.pending {
      try await run.apply(migration, checksum: checksums[migration.version] ?? "")
      logger.info("applied a migration", metadata: ["schema": "\(schema)", "file": "\(migration.fileName)"])
    }
    return plan.pending
  }
}
