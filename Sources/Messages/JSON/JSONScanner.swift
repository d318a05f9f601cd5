import Basics

/// Reads JSON of RFC 8259 value by value and tracks the path.
struct JSONScanner {
  /// The kinds of values.
  enum Kind {
    case object, array, string, number, boolean, null
  }

  private let bytes: [UInt8]

  /// Where reading continues. Setting it back to the beginning of a value reads that value again.
  var position = 0

  /// The path to the current value.
  var path = JSONPath()

  /// - Parameters:
  ///   - bytes: One JSON value.
  ///   - bytesMaximum: How many bytes are accepted.
  init(_ bytes: [UInt8], bytesMaximum: Int) throws(MessageError) {
    self.bytes = bytes
    guard bytes.count <= bytesMaximum else { throw path.error(.tooLarge) }
    guard bytes.withUnsafeBytes({ String.isUTF8($0) }) else { throw path.error(.invalidUTF8) }
  }

  /// Returns the kind of the next value.
  mutating func kind() throws(MessageError) -> Kind {
    guard let byte = next() else { throw malformed }
    return switch byte {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
    case UInt8(ascii: "n"): .null
    default: throw malformed
    }
  }

  /// Reads to the end. Throws when another value follows.
  mutating func readEnd() throws(MessageError) {
    guard next() == nil else { throw malformed }
  }

  /// Reads the beginning of an object.
  mutating func enterObject() throws(MessageError) {
    guard try kind() == .object else { throw path.error(.unexpectedValue) }
    position += 1
  }

  /// Reads up to a member's value.
  ///
  /// - Parameter isFirst: Whether no member has been read; false afterwards.
  /// - Returns: The name, or nil when the object ended instead.
  mutating func nextName(_ isFirst: inout Bool) throws(MessageError) -> String? {
    guard try continues(to: UInt8(ascii: "}"), &isFirst) else { return nil }
    guard next() == UInt8(ascii: "\"") else { throw malformed }
    let name = try readString()
    guard take(UInt8(ascii: ":")) else { throw malformed }
    return name
  }

  /// Reads the beginning of a list.
  mutating func enterArray() throws(MessageError) {
    guard try kind() == .array else { throw path.error(.unexpectedValue) }
    position += 1
  }

  /// Reads up to an element.
  ///
  /// - Parameter isFirst: Whether no element has been read; false afterwards.
  /// - Returns: Whether an element follows; otherwise the list ended.
  mutating func nextElement(_ isFirst: inout Bool) throws(MessageError) -> Bool {
    try continues(to: UInt8(ascii: "]"), &isFirst)
  }

  private mutating func continues(to end: UInt8, _ isFirst: inout Bool) throws(MessageError) -> Bool {
    if take(end) { return false }
    if !isFirst {
      guard take(UInt8(ascii: ",")) else { throw malformed }
    }
    isFirst = false
    return true
  }

  /// Reads null.
  mutating func readNull() throws(MessageError) {
    guard try kind() == .null else { throw path.error(.unexpectedValue) }
    try readWord("null")
  }

  /// Reads a boolean.
  mutating func readBoolean() throws(MessageError) -> Bool {
    guard try kind() == .boolean else { throw path.error(.unexpectedValue) }
    let value = bytes[position] == UInt8(ascii: "t")
    try readWord(value ? "true" : "false")
    return value
  }

  /// Reads a number.
  mutating func readNumber() throws(MessageError) -> JSONNumber {
    guard try kind() == .number else { throw path.error(.unexpectedValue) }
    let text = bytes[position...].prefix { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
    position += text.count
    guard let number = JSONNumber(text) else { throw malformed }
    return number
  }

  /// Reads a string.
  mutating func readString() throws(MessageError) -> String {
    String(decoding: try readText(), as: UTF8.self)
  }

  /// Reads a string.
  ///
  /// - Returns: UTF-8. Without escapes it is a part of what is read.
  mutating func readText() throws(MessageError) -> ArraySlice<UInt8> {
    guard try kind() == .string else { throw path.error(.unexpectedValue) }
    position += 1
    var text: ArraySlice<UInt8> = []
    while true {
      let start = position
      while position < bytes.count, Self.isPlain(bytes[position]) { position += 1 }
      guard position < bytes.count else { throw malformed }
      let run = bytes[start..<position]
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return text.isEmpty ? run : text + run
      case UInt8(ascii: "\\"):
        text += run
        text += String(try readEscape()).utf8
      default: throw malformed
      }
    }
  }

  /// Whether a byte of a string stands for itself.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// Skips a value of any kind, which must be valid.
  ///
  /// - Parameter depth: How many objects and lists may lie inside each other.
  mutating func skipValue(depth: Int) throws(MessageError) {
    switch try kind() {
    case .object:
      guard depth > 0 else { throw path.error(.tooDeep) }
      try enterObject()
      var isFirst = true
      while try nextName(&isFirst) != nil { try skipValue(depth: depth - 1) }
    case .array:
      guard depth > 0 else { throw path.error(.tooDeep) }
      try enterArray()
      var isFirst = true
      while try nextElement(&isFirst) { try skipValue(depth: depth - 1) }
    case .string: _ = try readText()
    case .number: _ = try readNumber()
    case .boolean: _ = try readBoolean()
    case .null: try readNull()
    }
  }

  private mutating func readEscape() throws(MessageError) -> Unicode.Scalar {
    guard position < bytes.count else { throw malformed }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try readScalar()
    default: throw malformed
    }
  }

  /// Reads the digits after `\u`, and a second escape when the first one is half of a surrogate pair.
  private mutating func readScalar() throws(MessageError) -> Unicode.Scalar {
    let unit = try readHexadecimal()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(UInt16(unit)), bytes[position...].starts(with: Array("\\u".utf8)) else {
      throw malformed
    }
    position += 2
    let trail = try readHexadecimal()
    guard UTF16.isTrailSurrogate(UInt16(trail)) else { throw malformed }
    guard let scalar = Unicode.Scalar(0x10000 + (unit & 0x3ff) << 10 + trail & 0x3ff) else { throw malformed }
    return scalar
  }

  private mutating func readHexadecimal() throws(MessageError) -> UInt32 {
    var value: UInt32 = 0
    for byte in bytes[position...].prefix(4) {
      guard let digit = Hex.value(of: byte) else { throw malformed }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    guard position <= bytes.count else { throw malformed }
    return value
  }

  private mutating func readWord(_ word: StaticString) throws(MessageError) {
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[position...].starts(with: expected) else { throw malformed }
    position += expected.count
  }

  /// Returns the next byte that is not white space.
  private mutating func next() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next() == byte else { return false }
    position += 1
    return true
  }

  private var malformed: MessageError { path.error(.malformedJSON) }
}
