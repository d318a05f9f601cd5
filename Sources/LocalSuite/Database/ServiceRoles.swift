package import Logging
import Postgres

/// The database of a suite: one role and one schema per service, none of which may touch another's.
package struct ServiceRoles: Sendable {
  package let server: ServerAccess
  package let passwords: Passwords
  let logger: Logger

  package init(server: ServerAccess, passwords: Passwords, logger: Logger) {
    self.server = server
    self.passwords = passwords
    self.logger = logger
  }

  /// The URL that a service gets.
  package func url(of service: String) -> String {
    server.address.url(role: service, password: passwords[service])
  }

  /// Makes the database, the roles and the schemas, as far as they are missing. Changes nothing that is as it should be.
  ///
  /// - Parameter isPrivate: Whether the whole server is ours; then nobody but its owner may enter other databases.
  package func prepare(isPrivate: Bool) async throws {
    if isPrivate {
      try await on("postgres") { database in
        try await database.execute(SQL(raw: "REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC"))
      }
    }
    let isThere = isPrivate ? false : await canEnter()
    if !isThere { try await create() }
    try await on(server.address.database) { database in
      let name = Self.quoted(server.address.database)
      try await database.execute(SQL(raw: "REVOKE ALL ON DATABASE \(name) FROM PUBLIC"))
      try await database.execute(SQL(raw: "REVOKE ALL ON SCHEMA public FROM PUBLIC"))
      for service in ServiceCatalogue.databaseOwners { try await prepare(service, in: database) }
    }
  }

  private func prepare(_ service: String, in database: Database) async throws {
    let role = Self.quoted(service)
    let password = Self.literal(passwords[service])
    let name = Self.quoted(server.address.database)
    if try await database.query("SELECT 1 FROM pg_roles WHERE rolname = \(service)").isEmpty {
      try await database.execute(SQL(raw: "CREATE ROLE \(role) NOINHERIT"))
    }
    try await database.execute(
      SQL(raw: "ALTER ROLE \(role) LOGIN PASSWORD \(password)")
    )
    try await database.execute(SQL(raw: "ALTER ROLE \(role) SET search_path = \(role)"))
    try await database.execute(SQL(raw: "GRANT CONNECT ON DATABASE \(name) TO \(role)"))
    if try await database.query("SELECT 1 FROM pg_namespace WHERE nspname = \(service)").isEmpty {
      // Who creates a schema for a role must be a member of it, unless it is a superuser.
      try await database.execute(SQL(raw: "GRANT \(role) TO CURRENT_USER"))
      try await database.execute(SQL(raw: "CREATE SCHEMA \(role) AUTHORIZATION \(role)"))
    }
    try await database.execute(SQL(raw: "REVOKE ALL ON SCHEMA \(role) FROM PUBLIC"))
  }

  /// Whether the database can be entered. If it can't for another reason than being missing, making it will say so.
  private func canEnter() async -> Bool {
    let database = Database(configuration: DatabaseConfiguration(connectionString: server.url()), logger: logger)
    let health = await database.health(timeout: .seconds(5))
    await database.shutdown()
    return health.isHealthy
  }

  private func create() async throws {
    try await on("postgres") { database in
      let name = server.address.database
      if try await database.query("SELECT 1 FROM pg_database WHERE datname = \(name)").isEmpty {
        try await database.execute(SQL(raw: "CREATE DATABASE \(Self.quoted(name))"))
      }
    }
  }

  private func on(_ name: String, _ body: (Database) async throws -> Void) async throws {
    let database = Database(
      configuration: DatabaseConfiguration(connectionString: server.url(database: name)),
      logger: logger
    )
    do {
      try await body(database)
    } catch {
      await database.shutdown()
      throw SuiteError("Preparing the database failed: \(error)")
    }
    await database.shutdown()
  }

  /// Returns a name as an SQL identifier.
  private static func quoted(_ name: String) -> String { doubled("\"", in: name) }

  /// Returns a text as an SQL literal: the operator may have chosen the password. Backslashes stand for themselves, as
  /// `standard_conforming_strings` is on in every session of ours.
  private static func literal(_ text: String) -> String { doubled("'", in: text) }

  private static func doubled(_ quote: Character, in text: String) -> String {
    "\(quote)\(text.split(separator: quote, omittingEmptySubsequences: false).joined(separator: "\(quote)\(quote)"))\(quote)"
  }
}
