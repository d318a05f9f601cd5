/// The statements of one run of the migrator, on one connection.
struct MigrationRun {
  let session: Session
  private let schema: String
  private let table: SQL
  private let timeout: Duration

  init(_ database: Database, schema: String, timeout: Duration) {
    session = Session(database)
    self.schema = schema
    self.timeout = timeout
    table = "\(identifier: schema).schema_migration"
  }

  /// Waits until no other process migrates this schema. The lock ends with the connection.
  func lock() async throws(PostgresError) {
    try await query("SELECT set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false)")
    try await query("SELECT pg_advisory_lock(hashtextextended('patron.schema_migration.' || \(schema), 0))")
  }

  /// Creates the schema and its table of applied migrations if they do not exist. Checks first, because a role that may
  /// not create schemas can still migrate an existing one.
  func prepareSchema() async throws(PostgresError) {
    if try await query("SELECT FROM pg_namespace WHERE nspname = \(schema)").isEmpty {
      try await query("CREATE SCHEMA \(identifier: schema)")
    }
    let exists = try await query(
      "SELECT FROM pg_class WHERE relname = 'schema_migration' AND relnamespace = quote_ident(\(schema))::regnamespace"
    )
    guard exists.isEmpty else { return }
    try await query(
      """
      CREATE TABLE \(table) (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )
      """
    )
  }

  /// Returns the SHA-256 of each migration's text by version, computed by PostgreSQL.
  func checksums(of migrations: [Migration]) async throws(PostgresError) -> [Int: String] {
    let texts = migrations.map { Array($0.sql.utf8) }
    let rows = try await query(
      """
      SELECT version, encode(sha256(sql), 'hex')
      FROM unnest(\(migrations.map(\.version)), \(texts)) AS step (version, sql)
      """
    )
    let pairs = try rows.decode(Int.self, String.self)
    return Dictionary(pairs.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
  }

  /// Returns the applied migrations.
  func applied() async throws(PostgresError) -> [AppliedMigration] {
    let rows = try await query("SELECT version, name, checksum FROM \(table) ORDER BY version")
    return try rows.decode(Int.self, String.self, String.self).map { version, name, checksum in
      AppliedMigration(version: version, name: name, checksum: checksum)
    }
  }

  /// Applies one migration and records it in the same transaction.
  func apply(_ migration: Migration, checksum: String) async throws(PostgresError) {
    do throws(PostgresError) {
      try await query("BEGIN")
      try await query("SELECT set_config('search_path', quote_ident(\(schema)) || ', public', true)")
      let transaction = try await transactionID()
      try await session.run(.script(migration.sql), deadline: .now + timeout)
      guard try await transactionID() == transaction else {
        throw PostgresError(.migration, "\(migration.fileName) ends its transaction; leave BEGIN and COMMIT out of it")
      }
      try await query(
        """
        INSERT INTO \(table) (version, name, checksum)
        VALUES (\(migration.version), \(migration.name), \(checksum))
        """
      )
      try await query("COMMIT")
    } catch {
      _ = try? await query("ROLLBACK")
      var failure = error
      if failure.kind == .server { failure.reason = "\(migration.fileName) failed: \(error.server?.message ?? "")" }
      throw failure
    }
  }

  /// Returns the transaction's ID, which shows whether a file ended its transaction.
  private func transactionID() async throws(PostgresError) -> String? {
    try await query("SELECT pg_current_xact_id()::text").first?.decode(column: 0)
  }

  @discardableResult
  private func query(_ sql: SQL) async throws(PostgresError) -> Rows {
    guard case .rows(let rows) = try await session.run(.query(sql), deadline: .now + timeout) else {
      throw .invalidUse("the statement gave no result")
    }
    return rows
  }
}
