/// Writes protobuf's binary form by hand, for the few messages the runtime itself must speak.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  /// A varint field; zero is the default and is left out.
  mutating func integer(_ field: Int, _ value: Int64) {
    guard value != 0 else { return }
    varint(UInt64(field << 3))
    varint(UInt64(bitPattern: value))
  }

  /// A string field; empty is the default and is left out.
  mutating func string(_ field: Int, _ value: String) {
    guard !value.isEmpty else { return }
    lengthDelimited(field, value.utf8)
  }

  /// A bytes or message field, written even when empty.
  mutating func lengthDelimited(_ field: Int, _ value: some Collection<UInt8>) {
    varint(UInt64(field << 3 | 2))
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// A message field whose content `body` writes.
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
