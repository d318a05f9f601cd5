public import FoundationEssentials

/// One numbered migration of a schema.
public struct Migration: Sendable, Hashable {
  /// The migration's number, from 1 without gaps.
  public var version: Int

  /// The migration's name: the file's name without number and extension.
  public var name: String

  /// Statements separated by semicolons. They run in one transaction, so none of them may begin or end one.
  public var sql: String

  public init(version: Int, name: String, sql: String) {
    self.version = version
    self.name = name
    self.sql = sql
  }

  /// Makes a migration from a file named like `0001_create_member.sql`. Nil when the name has another form.
  public init?(fileName: String, sql: String) {
    guard fileName.hasSuffix(".sql") else { return nil }
    let stem = fileName.dropLast(4)
    let digits = stem.prefix(4)
    let name = stem.dropFirst(5)
    let isNumbered = digits.utf8.count == 4 && digits.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard isNumbered, stem.dropFirst(4).first == "_", !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte) else {
      return nil
    }
    guard let version = Int(digits) else { return nil }
    self.init(version: version, name: String(name), sql: sql)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      || byte == UInt8(ascii: "_")
  }
}

extension Migration {
  /// Reads the migrations in a folder: every file that ends in `.sql`.
  ///
  /// - Throws: A ``PostgresError`` of kind ``PostgresError/Kind/migration`` when the folder cannot be read, or contains
  ///   an SQL file that is not named like `0001_create_member.sql`.
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
