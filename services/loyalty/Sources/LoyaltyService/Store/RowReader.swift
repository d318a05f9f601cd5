import Postgres

/// Reads a row's columns one after the other, so that the parts of a joined row read their own columns.
struct RowReader {
  private let row: Row
  private var column: Int

  /// Reads from a column on.
  init(_ row: Row, from column: Int = 0) {
    self.row = row
    self.column = column
  }

  /// The next column.
  mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
    defer { column += 1 }
    return try row.decode(column: column, as: type)
  }

  /// The next column, a sum as text: it may be larger than what 64 bits take.
  mutating func sum() throws -> Int128 {
    guard let sum = Int128(try next(String.self)) else { throw BrokenInvariant("a sum is no whole number") }
    return sum
  }
}
