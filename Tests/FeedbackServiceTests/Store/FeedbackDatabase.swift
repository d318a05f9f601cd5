import Foundation
import Postgres
import PostgresTestSupport
import Testing

@testable import FeedbackService

/// A fresh database with the service's tables.
enum FeedbackDatabase {
  /// Runs `body` with a fresh database and removes it.
  static func with<Value>(_ body: (Database) async throws -> Value) async throws -> Value {
    try await TestDatabase.with(configure: { $0.session.searchPath = ["feedback"] }) { database in
      let migrations = try #require(FeedbackService.migrations)
      try await Migrator(database, schema: "feedback", directory: migrations).apply()
      return try await body(database)
    }
  }
}
