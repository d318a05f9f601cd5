/// The rows of a statement. Fields are decoded on access from libpq's memory.
public struct Rows: Sendable {
  let storage: ResultStorage

  init(_ storage: ResultStorage) {
    self.storage = storage
  }

  /// How many rows the statement returned or changed.
  public var affectedRows: Int { storage.affectedRows }

  /// The names of the columns in order.
  public var columnNames: [String] {
    (0..<storage.columnCount).map { storage.columnName($0) }
  }

  /// The types of the columns in order.
  public var columnTypes: [PostgresType] {
    (0..<storage.columnCount).map { storage.columnType($0) }
  }
}

extension Rows: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { storage.rowCount }

  public subscript(position: Int) -> Row {
    precondition(0..<storage.rowCount ~= position, "row \(position) of \(storage.rowCount)")
    return Row(storage: storage, index: position)
  }
}

extension Rows {
  /// Decodes the columns of every row, in order.
  ///
  /// - Throws: A decoding error that names the column.
  public func decode<each Column: PostgresDecodable>(
    _ types: repeat (each Column).Type
  ) throws(PostgresError) -> [(repeat each Column)] {
    var decoded: [(repeat each Column)] = []
    decoded.reserveCapacity(count)
    for row in self {
      decoded.append(try row.decode(repeat each types))
    }
    return decoded
  }
}
