import Postgres

/// A column of a table. The cases of a table's enumeration are the one list of its columns: what statements select, where
/// each column is in a row, and what statements write all go by it.
///
/// A case is named as its column is, in camel case: `memberID` is `member_id`. Cases are numbered in their order, so that a
/// range of them is what a statement selects side by side.
protocol TableColumn: RawRepresentable<Int>, CaseIterable, Comparable, Sendable {}

extension TableColumn {
  /// The column's name.
  var name: String {
    var name = ""
    var isAfterCapital = false
    for letter in String(describing: self) {
      if letter.isUppercase, !isAfterCapital { name += "_" }
      isAfterCapital = letter.isUppercase
      name += letter.lowercased()
    }
    return name
  }

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension TableColumn {
  /// Columns as a statement selects them, such as `entry.lane, entry.member_id`.
  static func list(_ columns: some Sequence<Self>, of table: String) -> SQL {
    columns.map { SQL(raw: "\(table).\($0.name)") }.joined(separator: ", ")
  }

  /// A range of columns as a statement selects them.
  static func list(_ columns: ClosedRange<Self>, of table: String) -> SQL {
    list(allCases.filter(columns.contains), of: table)
  }

  /// Columns as an insertion names them, such as `lane, member_id`.
  static func names(_ columns: some Sequence<Self>) -> SQL {
    columns.map { SQL(raw: $0.name) }.joined(separator: ", ")
  }
}

/// Reads those columns of one table that a statement has selected side by side.
struct ColumnReader<Column: TableColumn> {
  private let row: Row
  private let offset: Int

  /// - Parameters:
  ///   - columns: What the statement has selected of the table.
  ///   - first: Where the first of them is in the row.
  init(_ row: Row, _ columns: ClosedRange<Column>, at first: Int = 0) {
    self.row = row
    offset = first - columns.lowerBound.rawValue
  }

  /// Reads a column.
  func callAsFunction<Value: PostgresDecodable>(
    _ column: Column,
    as _: Value.Type = Value.self
  ) throws(PostgresError) -> Value {
    try row.decode(column: offset + column.rawValue)
  }
}

extension ClosedRange where Bound: TableColumn {
  /// How many columns they are.
  var columnCount: Int { upperBound.rawValue - lowerBound.rawValue + 1 }
}

// Rows out of parameters that are columns: each row has a number, and of each column the item with that number. `unnest` of
// several arrays does the same, and copies every value to a store of its own meanwhile, which costs several times as much.
extension SQL.StringInterpolation {
  /// A column's item that has the number of the row. Items of one length are found at once, if none is missing; others by
  /// going through those before.
  mutating func appendInterpolation(item column: some PostgresEncodable & Sendable) {
    appendLiteral("(")
    appendInterpolation(column)
    appendLiteral(")[number]")
  }

  /// Rows that are numbered from 1.
  mutating func appendInterpolation(numbersTo count: Int) {
    appendLiteral("generate_series(1, ")
    appendInterpolation(Int32(clamping: count))
    appendLiteral(") AS number")
  }
}

/// What a column is in new rows that come as arrays.
enum ColumnValues {
  /// An array with an item for each row.
  case items(SQL)
  /// A list of numbers for each row.
  case lists(FlatLists)
}

extension TableColumn {
  /// A statement that inserts rows which come as an array for each column.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - columns: The columns to write.
  ///   - values: What a column is in the rows.
  static func insertion(
    into table: String,
    _ columns: [Self] = Array(allCases),
    _ values: (Self) -> ColumnValues
  ) -> SQL {
    var (selected, arrays, arrayNames): ([SQL], [SQL], [SQL]) = ([], [], [])
    for column in columns {
      let name = column.name
      switch values(column) {
      case .items(let items):
        selected.append(SQL(raw: "new.\(name)"))
        arrays.append(items)
        arrayNames.append(SQL(raw: name))
      case .lists(let lists):
        selected.append("(\(lists.numbers)::bigint[])[new.\(raw: name)_first:new.\(raw: name)_last]")
        arrays += ["\(lists.firsts)", "\(lists.lasts)"]
        arrayNames += [SQL(raw: "\(name)_first"), SQL(raw: "\(name)_last")]
      }
    }
    return """
      INSERT INTO \(raw: table) (\(names(columns)))
      SELECT \(selected.joined(separator: ", "))
      FROM unnest(\(arrays.joined(separator: ", "))) AS new (\(arrayNames.joined(separator: ", ")))
      """
  }
}
