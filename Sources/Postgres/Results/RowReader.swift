/// Reads a row's columns one after the other, so that the parts of a joined row read their own columns.
public struct RowReader: Sendable {
  @usableFromInline let row: Row
  @usableFromInline var column: Int

  /// Reads from a column on, counted from 0.
  @inlinable
  public init(_ row: Row, from column: Int = 0) {
    self.row = row
    self.column = column
  }

  /// Decodes the next column.
  ///
  /// - Throws: a decoding error that names the column.
  @inlinable
  public mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
    defer { column += 1 }
    return try row.decode(column: column, as: type)
  }
}
