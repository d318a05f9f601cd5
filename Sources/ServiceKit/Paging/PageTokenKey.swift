import Basics
import Foundation
import Postgres

/// Where the key that page tokens are sealed with comes from.
enum PageTokenKey {
  static let byteCount = 32

  /// The configured key; else the one kept in the database, which is made when there is none; else one of this
  /// process alone.
  static func find(settings: PageSettings, database: Database?, random: RandomSource) async throws -> [UInt8] {
    if let configured = settings.tokenKey { return Array(configured.value.utf8) }
    let fresh = make(random)
    guard let database else { return fresh }
    do throws(PostgresError) {
      return try await kept(in: database, orElse: fresh)
    } catch {
      // A service without lists has no such table.
      guard error.sqlState == .undefinedTable else { throw error }
      return fresh
    }
  }

  private static func kept(in database: Database, orElse fresh: [UInt8]) async throws(PostgresError) -> [UInt8] {
    try await database.execute(
      "INSERT INTO page_token_key (key_id, secret) VALUES (1, \(fresh)) ON CONFLICT DO NOTHING"
    )
    let rows = try await database.query("SELECT secret FROM page_token_key")
    return try rows[0].decode(column: 0, as: [UInt8].self)
  }

  private static func make(_ random: RandomSource) -> [UInt8] {
    (0..<byteCount / 8).flatMap { _ in
      let word = random.next()
      return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }
}
