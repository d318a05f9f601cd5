import Postgres

// Rows out of parameters that are columns: each row has a number, and of each column the item with that number. `unnest` of
// several arrays does the same, and keeps every value in a store of its own meanwhile, which costs several times as much.
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
