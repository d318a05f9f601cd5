import Basics

/// A table of comma-separated values with a header row (RFC 4180).
struct CSVTable: Sendable {
  /// Where the table came from, for error messages.
  let path: String

  private let header: [String]
  private var fields: [String] = []

  /// How many rows there are below the header.
  var rowCount: Int { header.isEmpty ? 0 : fields.count / header.count }

  /// Reads a table whose rows all have as many fields as its header.
  init(_ bytes: [UInt8], path: String) throws(DataFileError) {
    self.path = path
    var reader = CSVReader(bytes)
    guard let header = reader.nextRow(), !header.isEmpty else {
      throw DataFileError(path: path, problem: "there is no header row")
    }
    self.header = header
    var line = 1
    while let row = reader.nextRow() {
      line += 1
      guard row.count == header.count else {
        throw DataFileError(path: path, line: line, problem: "\(row.count) fields instead of \(header.count)")
      }
      fields += row
    }
  }

  /// The place of the column with the name `name`.
  func column(_ name: String) throws(DataFileError) -> Int {
    guard let column = header.firstIndex(of: name) else {
      throw DataFileError(path: path, line: 1, problem: "there is no column \(name)")
    }
    return column
  }

  /// The text of one field.
  func text(_ row: Int, _ column: Int) -> String {
    fields[row * header.count + column]
  }

  /// A field that holds a whole number.
  func integer(_ row: Int, _ column: Int) throws(DataFileError) -> Int {
    guard let value = Int(text(row, column)) else { throw invalid(row, column, "a whole number") }
    return value
  }

  /// A field that holds an amount such as "12.34", in hundredths.
  func hundredths(_ row: Int, _ column: Int) throws(DataFileError) -> Int64 {
    let parts = text(row, column).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.count == 2, let hundredths = Int64(parts[0] + parts[1]), hundredths >= 0
    else { throw invalid(row, column, "an amount with two decimals") }
    return hundredths
  }

  /// A field that holds a day such as "2017-12-31".
  func day(_ row: Int, _ column: Int) throws(DataFileError) -> Day {
    guard let day = Day(text(row, column)) else { throw invalid(row, column, "a day") }
    return day
  }

  /// A field that holds an instant such as "2017-12-31T23:59:59Z".
  func instant(_ row: Int, _ column: Int) throws(DataFileError) -> Instant {
    let text = text(row, column)
    // Twenty characters hold neither a fraction nor an offset.
    guard text.utf8.count == 20, let instant = Instant(text) else { throw invalid(row, column, "an instant in UTC") }
    return instant
  }

  private func invalid(_ row: Int, _ column: Int, _ wanted: String) -> DataFileError {
    DataFileError(path: path, line: row + 2, problem: "\(header[column]) is not \(wanted)")
  }
}
