/// Bytes as text, RFC 4648.
public enum Base64 {
  /// The two alphabets of RFC 4648: they differ in the last two digits.
  public enum Alphabet: Sendable {
    /// With `+` and `/` (section 4).
    case standard
    /// With `-` and `_` (section 5).
    case forURLs
  }

  /// What fills a text up.
  public static let padding = UInt8(ascii: "=")

  /// Writes some bytes.
  ///
  /// - Parameter isPadded: Whether the text is filled up with `=` to a multiple of four.
  @inlinable
  public static func encode(
    _ bytes: some Collection<UInt8>,
    _ alphabet: Alphabet = .standard,
    isPadded: Bool = true
  ) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var bits: UInt32 = 0
    var bitCount = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      bitCount += 8
      while bitCount >= 6 {
        bitCount -= 6
        text.append(digit(bits >> UInt32(bitCount) & 0x3f, alphabet))
      }
    }
    if bitCount > 0 { text.append(digit(bits << UInt32(6 - bitCount) & 0x3f, alphabet)) }
    while isPadded, text.count % 4 != 0 { text.append(padding) }
    return text
  }

  /// Reads a text in either alphabet, padded or not.
  ///
  /// - Parameter alphabet: The only alphabet that is taken; nil takes both.
  /// - Returns: Nil when the text has other characters, a length that no bytes have, or wrong padding.
  @inlinable
  public static func decode(_ text: some Collection<UInt8>, only alphabet: Alphabet? = nil) -> [UInt8]? {
    let digits = text.prefix { $0 != padding }
    let paddingCount = text.count - digits.count
    guard digits.count % 4 != 1, text.dropFirst(digits.count).allSatisfy({ $0 == padding }) else { return nil }
    guard paddingCount == 0 || digits.count % 4 != 0 && text.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 4 * 3 + 2)
    var bits: UInt32 = 0
    var bitCount = 0
    for digit in digits {
      guard let value = value(of: digit, alphabet) else { return nil }
      bits = bits << 6 | value
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    return bytes
  }

  @inlinable
  static func digit(_ value: UInt32, _ alphabet: Alphabet) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + UInt8(truncatingIfNeeded: value)
    case 26..<52: UInt8(ascii: "a") + UInt8(truncatingIfNeeded: value - 26)
    case 52..<62: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value - 52)
    case 62: alphabet == .standard ? UInt8(ascii: "+") : UInt8(ascii: "-")
    default: alphabet == .standard ? UInt8(ascii: "/") : UInt8(ascii: "_")
    }
  }

  @inlinable
  static func value(of digit: UInt8, _ alphabet: Alphabet?) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): alphabet == .forURLs ? nil : 62
    case UInt8(ascii: "/"): alphabet == .forURLs ? nil : 63
    case UInt8(ascii: "-"): alphabet == .standard ? nil : 62
    case UInt8(ascii: "_"): alphabet == .standard ? nil : 63
    default: nil
    }
  }
}

/// Base64 with the alphabet for URLs and without padding (RFC 4648 section 5), in exactly one form.
public enum Base64URL {
  /// Writes some bytes.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: Base64.encode(bytes, .forURLs, isPadded: false), as: UTF8.self)
  }

  /// Reads a text; nil unless it is exactly what ``encode(_:)`` makes.
  public static func decode(_ text: String) -> [UInt8]? {
    guard let bytes = Base64.decode(text.utf8, only: .forURLs), encode(bytes) == text else { return nil }
    return bytes
  }
}
