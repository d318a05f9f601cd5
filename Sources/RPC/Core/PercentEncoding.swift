import Basics

/// The encoding of `grpc-message`: UTF-8 in which every byte outside printable ASCII, and `%`, is written `%XX`
/// (grpc doc/PROTOCOL-HTTP2.md, "Status-Message").
enum PercentEncoding {
  static func encode(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if isPlain(byte) {
        output.append(byte)
      } else {
        output.append(UInt8(ascii: "%"))
        output.append(Hex.capital(byte >> 4))
        output.append(Hex.capital(byte & 0xf))
      }
    }
    return output
  }

  /// Returns the size of a character when encoded.
  static func encodedBytes(of scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII, isPlain(UInt8(scalar.value)) { return 1 }
    return 3 * Unicode.UTF8.width(scalar)
  }

  private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte <= 0x7e && byte != UInt8(ascii: "%") }

  /// Decodes a text. Never fails: a `%` without two hexadecimal digits remains, and invalid UTF-8 is repaired.
  static func decode(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    guard bytes.contains(UInt8(ascii: "%")) else { return String(decoding: bytes, as: UTF8.self) }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = Hex.value(of: bytes[index + 1]), let low = Hex.value(of: bytes[index + 2])
      {
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
