/// The wire format's integers: seven bits a byte, the lowest first, the top bit says whether more follow.
enum Varint {
  /// Reads one and moves `at` behind it. Bits beyond the 64th are dropped, as other implementations do.
  ///
  /// - Returns: nil when there are more than ten bytes of it or `end` comes first; `at` is of no use then.
  @inline(__always)
  static func read(_ at: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UInt64? {
    guard at < end else { return nil }
    let first = at.pointee
    at += 1
    return first < 0x80 ? UInt64(first) : readMore(first, &at, end, bytesMaximum: 10)
  }

  /// Reads a tag or a length, which are numbers of 32 bits: one of more than five bytes is malformed, however small the
  /// number that it stands for (https://protobuf.dev/programming-guides/encoding).
  ///
  /// - Returns: nil when there are more than five bytes of it or `end` comes first; the five bytes may hold 35 bits.
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
