import CLibPQ
import Glibc

/// One result of libpq, freed when its last row is released.
///
/// A finished `PGresult` never changes, and libpq reads it without locks, so any thread may read it.
final class ResultStorage: @unchecked Sendable {
  let result: OpaquePointer
  let rowCount: Int
  let columnCount: Int

  init(_ result: OpaquePointer) {
    self.result = result
    rowCount = Int(PQntuples(result))
    columnCount = Int(PQnfields(result))
  }

  deinit {
    PQclear(result)
  }

  func field(row: Int, column: Int) -> PostgresField {
    let type = columnType(column)
    guard PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return PostgresField(type: type, bytes: nil) }
    let count = Int(PQgetlength(result, Int32(row), Int32(column)))
    let start = PQgetvalue(result, Int32(row), Int32(column))
    return PostgresField(type: type, bytes: UnsafeRawBufferPointer(start: start, count: count))
  }

  func columnType(_ column: Int) -> PostgresType {
    PostgresType(rawValue: PQftype(result, Int32(column)))
  }

  func columnName(_ column: Int) -> String {
    PQfname(result, Int32(column)).map { String(cString: $0) } ?? ""
  }

  func column(named name: String) -> Int? {
    (0..<columnCount).first { column in
      guard let candidate = PQfname(result, Int32(column)) else { return false }
      return name.withCString { strcmp($0, candidate) == 0 }
    }
  }

  /// How many rows the statement returned or changed, by its command tag.
  var affectedRows: Int {
    guard let text = PQcmdTuples(result), text.pointee != 0 else { return 0 }
    return atol(text)
  }

  /// Whether the command tag without its numbers is `tag`, such as `COMMIT`.
  func hasCommandTag(_ tag: String) -> Bool {
    guard let text = PQcmdStatus(result) else { return false }
    return tag.withCString { strcmp($0, text) == 0 }
  }
}
