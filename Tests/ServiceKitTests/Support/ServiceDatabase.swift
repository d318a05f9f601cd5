import Foundation
import Logging
import Postgres
import PostgresTestSupport

@testable import ServiceKit

/// A fresh database with the tables that ServiceKit uses.
enum ServiceDatabase {
  static func with<Value>(
    configure change: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    try await TestDatabase.with(configure: change) { database in
      try await database.transaction { try await $0.executeScript(tables) }
      return try await body(database)
    }
  }

  /// The file from which services copy their tables.
  private static let tables: String = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("Sources/ServiceKit/service-tables.sql")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()
}

extension Logger {
  /// A logger without output.
  static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
}
