import Basics
import Logging

/// Writes one JSON object (RFC 8259) on one line.
struct JSONLine {
  private var bytes: [UInt8] = Array("{".utf8)

  /// The finished line with its line feed.
  var finished: [UInt8] { bytes + Array("}\n".utf8) }

  mutating func field(_ key: String, _ value: String) {
    begin(key)
    string(value)
  }

  mutating func field(_ key: String, _ value: Logger.MetadataValue) {
    begin(key)
    append(value)
  }

  private mutating func begin(_ key: String) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    string(key)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func append(_ value: Logger.MetadataValue) {
    switch value {
    case .string(let text): string(text)
    case .stringConvertible(let value): string(value.description)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(value)
      }
      bytes.append(UInt8(ascii: "]"))
    case .dictionary(let values):
      var inner = JSONLine()
      for (key, value) in values.sorted(by: { $0.key < $1.key }) { inner.field(key, value) }
      bytes.append(contentsOf: inner.finished.dropLast())
    }
  }

  private mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
      case 0..<0x20, 0x7F: bytes += Array("\\u00".utf8) + [Hex.digit(byte >> 4), Hex.digit(byte & 0xF)]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
