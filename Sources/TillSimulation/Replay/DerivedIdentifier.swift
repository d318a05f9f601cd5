import Crypto

/// Request ids that are worked out instead of drawn, so that a replay that runs again asks under the same ids.
enum DerivedIdentifier {
  /// The UUIDv7 (RFC 9562, section 5.7) of the instant `instant` whose random bits are taken from the SHA-256 digest of
  /// `name`: lower-case, with hyphens.
  static func text(at instant: Instant, name: String) -> String {
    var bytes = Array(SHA256.hash(data: Array("patron replay/\(name)".utf8)).prefix(16))
    let milliseconds = UInt64(max(0, instant.unixSeconds)) * 1_000
    for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * index)) }
    bytes[6] = bytes[6] & 0x0F | 0x70
    bytes[8] = bytes[8] & 0x3F | 0x80
    return text(of: bytes)
  }

  private static func text(of bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 0x0F)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
