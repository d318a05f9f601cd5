public import FoundationEssentials
public import Logging

/// Migrates a service's schema: applies numbered SQL files that have not been applied, in order, each in its own
/// transaction, and records them with the SHA-256 of their text in the schema's table `schema_migration`.
///
/// Any number of processes may do this at once: an advisory lock lets one work, and the others find nothing to do.
public struct Migrator: Sendable {
  private let database: Database
  private let schema: String
  private let migrations: [Migration]
  private let logger: Logger

  /// How long one file may take, and how long to wait for another process that migrates. 10 minutes.
  public var timeout: Duration = .seconds(600)

  /// - Parameters:
  ///   - database: Connects with a role that may create tables in the schema.
  ///   - schema: The schema, created when it does not exist. Unqualified names in the files refer to it.
  ///   - migrations: The migrations.
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
  ///   - schema: The schema, created when it does not exist. Unqualified names in the files refer to it.
  ///   - directory: The folder with files named like `0001_create_member.sql`.
  /// - Throws: A ``PostgresError`` of kind ``PostgresError/Kind/migration`` when the folder cannot be read.
  public init(
    _ database: Database,
    schema: String,
    directory: URL,
    logger: Logger = Logger(label: "postgres.migrations")
  ) throws(PostgresError) {
    let migrations = try Migration.files(in: directory)
    self.init(database, schema: schema, migrations: migrations, logger: logger)
  }

  /// Returns the migrations that have not been applied.
  ///
  /// - Throws: As ``apply()`` does.
  public func pending() async throws(PostgresError) -> [Migration] {
    let run = MigrationRun(database, schema: schema, timeout: timeout)
    defer { run.session.end(.discard) }
    try await run.lock()
    try await run.prepareSchema()
    let checksums = try await run.checksums(of: migrations)
    return try MigrationPlan(migrations, checksums: checksums, applied: try await run.applied()).pending
  }

  /// Applies the migrations that have not been applied.
  ///
  /// - Returns: The migrations applied now.
  /// - Throws: ``PostgresError``, of kind ``PostgresError/Kind/migration`` when an applied file is missing or was
  ///   changed. Migrations before a failing one stay applied.
  @discardableResult
  public func apply() async throws(PostgresError) -> [Migration] {
    let run = MigrationRun(database, schema: schema, timeout: timeout)
    // Closing the connection releases the lock and discards the session's settings.
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
