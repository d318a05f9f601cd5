import Foundation
import Logging
import Postgres
import PostgresTestSupport
import Testing

@testable import MembersService

/// A fresh database with the service's tables.
enum MembersDatabase {
  /// Runs `body` with a fresh database and removes it.
  static func with<Value>(_ body: (Database) async throws -> Value) async throws -> Value {
    try await TestDatabase.with(configure: { $0.session.searchPath = ["members"] }) { database in
      let migrations = try #require(MembersService.migrations)
      try await Migrator(database, schema: "members", directory: migrations).apply()
      return try await body(database)
    }
  }
}
