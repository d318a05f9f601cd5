/// Cuts a stream of bytes into lines.
struct LineSplitter {
  /// A longer line is cut there, so that a child can't fill our memory.
  static let lineBytesMaximum = 64 << 10

  private var rest: [UInt8] = []

  /// Takes more bytes and gives the lines that they complete.
  mutating func append(_ bytes: some Collection<UInt8>) -> [String] {
    var lines: [String] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || rest.count == Self.lineBytesMaximum {
        lines.append(String(decoding: rest, as: UTF8.self))
        rest.removeAll(keepingCapacity: true)
      }
      if byte != UInt8(ascii: "\n") { rest.append(byte) }
    }
    return lines
  }

  /// What came after the last line's end, if anything did.
  mutating func finish() -> String? {
    defer { rest = [] }
    return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
  }
}
