/// Writes the binary form of protobuf, for the few messages of the runtime itself.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  /// Writes a varint field. Omits zero, the default.
  mutating func integer(_ field: Int, _ value: Int64) {
    guard value != 0 else { return }
    varint(UInt64(field << 3))
    varint(UInt64(bitPattern: value))
  }

  /// Writes a string field. Omits the empty string, the default.
  mutating func string(_ field: Int, _ value: String) {
    guard !value.isEmpty else { return }
    lengthDelimited(field, value.utf8)
  }

  /// Writes a bytes or message field, even when empty.
  mutating func lengthDelimited(_ field: Int, _ value: some Collection<UInt8>) {
    varint(UInt64(field << 3 | 2))
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Writes a message field with the content of `body`.
  mutating func message(_ field: Int, _ body: (inout WireWriter) -> Void) {
    var inner = WireWriter()
    body(&inner)
    lengthDelimited(field, inner.bytes)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
