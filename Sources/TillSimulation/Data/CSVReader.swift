/// Splits comma-separated text into rows of fields, as RFC 4180 says: fields may be quoted, a quote inside is doubled.
struct CSVReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The fields of the next row, or nil at the end.
  mutating func nextRow() -> [String]? {
    guard position < bytes.count else { return nil }
    var row: [String] = []
    while true {
      row.append(nextField())
      guard position < bytes.count else { return row }
      let separator = bytes[position]
      position += 1
      if separator == UInt8(ascii: ",") { continue }
      if separator == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") {
        position += 1
      }
      return row
    }
  }

  private mutating func nextField() -> String {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nextPlainField() }
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte != UInt8(ascii: "\"") {
        content.append(byte)
      } else if position < bytes.count, bytes[position] == byte {
        content.append(byte)
        position += 1
      } else {
        break
      }
    }
    // What stands between a closing quote and the separator belongs to no field; keep it visible.
    return String(decoding: content, as: UTF8.self) + nextPlainField()
  }

  private mutating func nextPlainField() -> String {
    let start = position
    while position < bytes.count, !Self.ends(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func ends(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}

/// A data file that can't be read, and why.
package struct DataFileError: Error, Hashable, CustomStringConvertible {
  /// The file.
  var path: String

  /// The line, counted from 1, if it is known.
  var line: Int?

  /// What is wrong, as the end of a sentence.
  var problem: String

  package var description: String {
    if let line { "\(path), line \(line): \(problem)" } else { "\(path): \(problem)" }
  }
}
