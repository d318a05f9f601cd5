import Postgres

/// Reads a row's columns one after the other, so that the parts of a joined row read their own columns.
struct RowReader {
  private let row: Row
  private var column = 0

  init(_ row: Row) {
    self.row = row
  }

  /// The next column.
  mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
    defer { column += 1 }
    return try row.decode(column: column, as: type)
  }
}
