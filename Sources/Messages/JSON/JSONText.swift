import Basics

extension [UInt8] {
  /// Appends text that needs no escapes.
  mutating func append(json text: String) {
    append(contentsOf: text.utf8)
  }

  /// Appends a JSON string: quotes, and the escapes that RFC 8259 requires.
  ///
  /// - Parameter text: UTF-8.
  public mutating func append(quoted text: some Sequence<UInt8>) {
    append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): self += [UInt8(ascii: "\\"), byte]
      case 0x08: append(json: "\\b")
      case 0x09: append(json: "\\t")
      case 0x0a: append(json: "\\n")
      case 0x0c: append(json: "\\f")
      case 0x0d: append(json: "\\r")
      case 0..<0x20: self += Array("\\u00".utf8) + [Hex.digit(byte >> 4), Hex.digit(byte & 0xF)]
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }

  /// Appends a floating point number in the fewest digits that parse to the same number.
  mutating func append(json number: some BinaryFloatingPoint & CustomStringConvertible) {
    if number.isFinite {
      let text = number.description
      append(json: text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    } else {
      append(json: number.isNaN ? "\"NaN\"" : number < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    }
  }
}
