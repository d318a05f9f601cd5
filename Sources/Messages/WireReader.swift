/// Reads protocol buffer wire format. Every read is validated and returns nil when the bytes end early or are
/// malformed.
struct WireReader {
  /// The number and wire type in front of every field.
  struct Tag {
    var number: UInt32
    var wireType: UInt8

    /// Splits the varint `key` of a tag.
    @inline(__always)
    init(_ key: UInt64) {
      number = UInt32(truncatingIfNeeded: key >> 3)
      wireType = UInt8(truncatingIfNeeded: key & 7)
    }
  }

  private let bytes: UnsafeRawBufferPointer

  /// How many bytes have been read.
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  /// Reads a varint of at most ten bytes.
  mutating func readVarint() -> UInt64? { read(Varint.read) }

  private mutating func read(
    _ number: (inout UnsafePointer<UInt8>, UnsafePointer<UInt8>) -> UInt64?
  ) -> UInt64? {
    guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
    var at = start + position
    defer { position = at - start }
    return number(&at, start + bytes.count)
  }

  /// Reads a tag of at most five bytes. Field number 0 and numbers above 2^29-1 are malformed.
  mutating func readTag() -> Tag? {
    guard let key = read(Varint.readShort), key >= 8, key <= UInt64(UInt32.max) else { return nil }
    return Tag(key)
  }

  /// Reads a length of at most five bytes and then as many bytes.
  mutating func readLengthPrefixed() -> UnsafeRawBufferPointer? {
    guard let length = read(Varint.readShort), length <= UInt64(bytes.count - position) else { return nil }
    defer { position += Int(length) }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(length)])
  }

  /// Reads a number of fixed length.
  mutating func readLittleEndian<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    let start = position
    guard advance(by: MemoryLayout<Number>.size) else { return nil }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: Number.self))
  }

  /// Skips the payload of a field.
  ///
  /// - Parameters:
  ///   - tag: The field's tag.
  ///   - depth: How many levels of groups may be nested.
  /// - Returns: Whether a complete payload was skipped.
  mutating func skip(_ tag: Tag, depth: Int = DecodingLimits.defaults.depth) -> Bool {
    switch tag.wireType {
    case 0: return readVarint() != nil
    case 1: return advance(by: 8)
    case 2: return readLengthPrefixed() != nil
    case 3: return skipGroup(number: tag.number, depth: depth)
    case 5: return advance(by: 4)
    default: return false
    }
  }

  private mutating func skipGroup(number: UInt32, depth: Int) -> Bool {
    guard depth > 0 else { return false }
    while let tag = readTag() {
      if tag.wireType == 4 { return tag.number == number }
      guard skip(tag, depth: depth - 1) else { return false }
    }
    return false
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
