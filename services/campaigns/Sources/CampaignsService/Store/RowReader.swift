import Postgres

/// Reads a row's columns one after another, so that each part of a joined row reads its own columns.
struct RowReader {
  private let row: Row
  private var column = 0

  init(_ row: Row) {
    self.row = row
  }

  /// Reads the next column.
  mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
    defer { column += 1 }
    return try row.decode(column: column, as: type)
  }
}
