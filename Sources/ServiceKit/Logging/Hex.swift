import RPC

/// Hexadecimal digits, lower case.
enum Hex {
  private static let alphabet = Array("0123456789abcdef".utf8)

  static func digits(_ byte: UInt8) -> [UInt8] {
    [alphabet[Int(byte >> 4)], alphabet[Int(byte & 0xF)]]
  }

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.flatMap(digits), as: UTF8.self)
  }

  /// A trace's name as `traceparent` writes it: 32 digits.
  static func text(_ id: TraceContext.TraceID) -> String {
    text([id.high, id.low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } })
  }
}
