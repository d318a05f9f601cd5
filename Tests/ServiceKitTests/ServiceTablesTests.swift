import Foundation
import Testing

/// Services copy `service-tables.sql` into migrations, which are never edited once landed: so the copies are compared.
@Suite("ServiceKit's tables")
struct ServiceTablesTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A statement without comments and needless white space.
  private struct Statement: Hashable {
    var text: String
    /// The table that it makes, changes or drops; nil if it does none of that.
    var table: String? {
      let words = #/(CREATE|ALTER|DROP) (TABLE|(UNIQUE )?INDEX \w+ ON) (IF (NOT )?EXISTS )?(?<table>\w+)/#
      return text.prefixMatch(of: words).map { String($0.table) }
    }
  }

  private static func statements(_ file: URL) throws -> [Statement] {
    let text = try String(contentsOf: file, encoding: .utf8).replacing(#/--[^\n]*/#, with: "")
    return text.split(separator: ";").map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
      .filter { !$0.isEmpty }.map(Statement.init)
  }

  private static func migrations() throws -> [String: [Statement]] {
    var found: [String: [Statement]] = [:]
    let services = root.appending(path: "services")
    for service in try FileManager.default.contentsOfDirectory(atPath: services.path) {
      let folder = services.appending(path: "\(service)/migrations")
      guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { continue }
      found[service] = try files.sorted().flatMap { try statements(folder.appending(path: $0)) }
    }
    return found
  }

  @Test("Every service's copy of a table is the one text of it, and no migration changes it")
  func copies() throws {
    let originals = try Self.statements(Self.root.appending(path: "Sources/ServiceKit/service-tables.sql"))
    let tables = Set(originals.compactMap(\.table))
    #expect(tables.count == 7)
    let migrations = try Self.migrations()
    #expect(migrations.count >= 4)
    for (service, statements) in migrations {
      for table in tables {
        let copy = statements.filter { $0.table == table }
        let original = originals.filter { $0.table == table }
        #expect(copy.isEmpty || copy == original, "\(table) of \(service)")
      }
      #expect(statements.contains { $0.table == "request" }, "\(service) answers requests once")
    }
  }
}
