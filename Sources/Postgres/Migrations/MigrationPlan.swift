/// A migration recorded in the database.
struct AppliedMigration: Hashable {
  var version: Int
  var name: String
  var checksum: String
}

/// Compares the available migrations with the applied ones, and rejects anything but a continuation.
struct MigrationPlan {
  /// The migrations to apply, in order.
  let pending: [Migration]

  /// - Parameters:
  ///   - migrations: The available migrations in any order.
  ///   - checksums: The SHA-256 of each migration's text by version.
  ///   - applied: The migrations recorded in the database.
  init(
    _ migrations: [Migration],
    checksums: [Int: String],
    applied: [AppliedMigration]
  ) throws(PostgresError) {
    let ordered = migrations.sorted { $0.version < $1.version }
    for (index, migration) in ordered.enumerated() where migration.version != index + 1 {
      throw Self.refusal(
        "migration \(index + 1) is missing or numbered twice: found \(migration.fileName) in its place"
      )
    }
    for (index, past) in applied.sorted(by: { $0.version < $1.version }).enumerated() {
      guard past.version == index + 1, index < ordered.count else {
        throw Self.refusal("migration \(past.version) (\(past.name)) was applied, but its file is missing")
      }
      guard checksums[past.version] == past.checksum else {
        throw Self.refusal("\(ordered[index].fileName) was changed after it had been applied; add a new file instead")
      }
      guard ordered[index].name == past.name else {
        throw Self.refusal("\(ordered[index].fileName) was called \(past.name) when it was applied")
      }
    }
    pending = Array(ordered.dropFirst(applied.count))
  }

  private static func refusal(_ reason: String) -> PostgresError {
    PostgresError(.migration, reason)
  }
}

extension Migration {
  /// The file's name, such as `0001_create_member.sql`.
  public var fileName: String {
    let digits = String(version)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_\(name).sql"
  }
}
