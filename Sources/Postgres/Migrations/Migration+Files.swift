public import FoundationEssentials

extension Migration {
  /// Reads the steps of a folder: every file that ends in `.sql`.
  ///
  /// - Throws: a ``PostgresError`` of kind ``PostgresError/Kind/migration`` when the folder cannot be read, or holds an
  ///   SQL file that is not named like `0001_create_member.sql`.
  public static func files(in directory: URL) throws(PostgresError) -> [Migration] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    } catch {
      throw PostgresError(.migration, "the migrations folder \(directory.path) cannot be read")
    }
    var migrations: [Migration] = []
    for name in names.sorted() where name.hasSuffix(".sql") {
      let path = directory.appending(path: name).path
      guard let data = FileManager.default.contents(atPath: path), let sql = String(validating: data, as: UTF8.self)
      else { throw PostgresError(.migration, "the migration \(name) cannot be read as UTF-8") }
      guard let migration = Migration(fileName: name, sql: sql) else {
        throw PostgresError(.migration, "the migration \(name) is not named like 0001_create_member.sql")
      }
      migrations.append(migration)
    }
    return migrations
  }
}
