/// One row of a result.
public struct Row: Sendable {
  let storage: ResultStorage
  let index: Int

  /// The number of columns.
  public var columnCount: Int { storage.columnCount }

  /// Decodes the columns in order: `let (id, name, note) = try row.decode(UUID.self, String.self, String?.self)`.
  /// Ignores further columns.
  ///
  /// - Throws: A decoding error that names the column.
  public func decode<each Column: PostgresDecodable>(
    _ types: repeat (each Column).Type
  ) throws(PostgresError) -> (repeat each Column) {
    var cursor = 0
    return (repeat try next((each Column).self, &cursor))
  }

  /// Decodes the columns in order from a tuple's type: `try row.decode((UUID, String, String?).self)`.
  ///
  /// - Throws: A decoding error that names the column.
  public func decode<First: PostgresDecodable, Second: PostgresDecodable, each Column: PostgresDecodable>(
    _: (First, Second, repeat each Column).Type
  ) throws(PostgresError) -> (First, Second, repeat each Column) {
    var cursor = 0
    let first = try next(First.self, &cursor)
    let second = try next(Second.self, &cursor)
    return (first, second, repeat try next((each Column).self, &cursor))
  }

  /// Decodes one column by its position, counted from 0.
  ///
  /// - Throws: A decoding error that names the column.
  public func decode<Column: PostgresDecodable>(
    column: Int,
    as _: Column.Type = Column.self
  ) throws(PostgresError) -> Column {
    guard 0..<storage.columnCount ~= column else {
      throw .decoding("column \(column) is asked for in a row of \(storage.columnCount) columns")
    }
    // The bytes belong to the result, which must outlive the reading.
    defer { withExtendedLifetime(storage) {} }
    do {
      return try Column(from: storage.field(row: index, column: column))
    } catch {
      throw .decoding("column \(storage.columnName(column)): \(error.reason)")
    }
  }

  /// Decodes the column named `name`.
  ///
  /// - Throws: A decoding error that names the column.
  public subscript<Column: PostgresDecodable>(
    _ name: String,
    as type: Column.Type = Column.self
  ) -> Column {
    get throws(PostgresError) {
      guard let column = storage.column(named: name) else { throw .decoding("there is no column \(name)") }
      return try decode(column: column, as: type)
    }
  }

  private func next<Column: PostgresDecodable>(
    _: Column.Type,
    _ cursor: inout Int
  ) throws(PostgresError) -> Column {
    defer { cursor += 1 }
    return try decode(column: cursor, as: Column.self)
  }
}
