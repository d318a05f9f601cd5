/// Reads the binary form of protobuf field by field. Never traps, whatever the bytes.
struct WireReader {
  /// One field with its number and value.
  enum Field {
    case integer(Int, UInt64)
    case bytes(Int, ArraySlice<UInt8>)
    /// A fixed-width field, which no message of the runtime has.
    case skipped
  }

  struct Malformed: Error {}

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Reads the next field. Returns nil at the end.
  mutating func next() throws(Malformed) -> Field? {
    guard !rest.isEmpty else { return nil }
    let tag = try varint(bytesMaximum: 5)
    guard tag >= 8, tag <= UInt64(UInt32.max) else { throw Malformed() }
    let number = Int(tag >> 3)
    switch tag & 7 {
    case 0: return .integer(number, try varint(bytesMaximum: 10))
    case 1: return try skip(8)
    case 2:
      let length = try varint(bytesMaximum: 5)
      guard length <= UInt64(rest.count) else { throw Malformed() }
      let value = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
      return .bytes(number, value)
    case 5: return try skip(4)
    default: throw Malformed()
    }
  }

  private mutating func skip(_ count: Int) throws(Malformed) -> Field {
    guard rest.count >= count else { throw Malformed() }
    rest = rest.dropFirst(count)
    return .skipped
  }

  /// Reads a varint. Tags and lengths have at most five bytes, other numbers ten.
  private mutating func varint(bytesMaximum: UInt64) throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 7 * bytesMaximum, by: 7) {
      guard let byte = rest.popFirst() else { throw Malformed() }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw Malformed()
  }
}
