/// The wire format's integers: seven bits a byte, the lowest first; the top bit marks that another byte follows.
enum Varint {
  /// Reads a varint and advances `at`. Drops bits beyond the 64th, as other implementations do.
  ///
  /// - Returns: Nil when it has more than ten bytes or `end` comes first. `at` is undefined then.
  @inline(__always)
  static func read(_ at: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UInt64? {
    guard at < end else { return nil }
    let first = at.pointee
    at += 1
    return first < 0x80 ? UInt64(first) : readMore(first, &at, end, bytesMaximum: 10)
  }

  /// Reads a tag or a length, a number of 32 bits. More than five bytes are malformed, even for a small number
  /// (https://protobuf.dev/programming-guides/encoding).
  ///
  /// - Returns: Nil when it has more than five bytes or `end` comes first. The five bytes may hold 35 bits.
  @inline(__always)
  static func readShort(_ at: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UInt64? {
    guard at < end else { return nil }
    let first = at.pointee
    at += 1
    return first < 0x80 ? UInt64(first) : readMore(first, &at, end, bytesMaximum: 5)
  }

  private static func readMore(
    _ first: UInt8,
    _ at: inout UnsafePointer<UInt8>,
    _ end: UnsafePointer<UInt8>,
    bytesMaximum: UInt64
  ) -> UInt64? {
    var value = UInt64(first & 0x7f)
    var shift: UInt64 = 7
    while at < end, shift < 7 * bytesMaximum {
      let byte = at.pointee
      at += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
