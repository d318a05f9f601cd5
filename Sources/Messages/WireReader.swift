/// Reads protocol buffer wire format; every read is checked and gives nil when the bytes end early or are malformed.
struct WireReader {
  /// The number and wire type in front of every field.
  struct Tag {
    var number: UInt32
    var wireType: UInt8
  }

  private let bytes: UnsafeRawBufferPointer

  /// How many bytes have been read.
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  /// Reads a varint of at most ten bytes.
  mutating func readVarint() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 70 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }

  /// Reads a tag; field number 0 and numbers above 2^29-1 do not exist.
  mutating func readTag() -> Tag? {
    guard let key = readVarint(), key >= 8, key <= UInt64(UInt32.max) else { return nil }
    return Tag(number: UInt32(key >> 3), wireType: UInt8(key & 7))
  }

  /// Reads a length and the bytes it announces.
  mutating func readLengthPrefixed() -> UnsafeRawBufferPointer? {
    guard let length = readVarint(), length <= UInt64(bytes.count - position) else { return nil }
    defer { position += Int(length) }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(length)])
  }

  /// Passes over the payload of a field.
  ///
  /// - Returns: Whether it was there; groups are not supported and count as malformed.
  mutating func skip(wireType: UInt8) -> Bool {
    switch wireType {
    case 0: return readVarint() != nil
    case 1: return advance(by: 8)
    case 2: return readLengthPrefixed() != nil
    case 5: return advance(by: 4)
    default: return false
    }
  }

  private mutating func advance(by count: Int) -> Bool {
    guard bytes.count - position >= count else { return false }
    position += count
    return true
  }
}

extension [UInt8] {
  /// Appends a varint.
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
