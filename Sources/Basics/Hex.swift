/// Hexadecimal digits.
public enum Hex {
  /// The lower-case digit of a value below 16.
  @inlinable
  public static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
  }

  /// The upper-case digit of a value below 16.
  @inlinable
  public static func capital(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + (value - 10)
  }

  /// The value of a digit of either case; nil for anything else.
  @inlinable
  public static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Writes the lowest `digits` digits of a word, lower case.
  @inlinable
  public static func write(
    _ word: UInt64,
    digits: Int,
    to buffer: UnsafeMutableBufferPointer<UInt8>,
    at start: Int
  ) {
    for index in 0..<digits {
      buffer[start + index] = digit(UInt8(truncatingIfNeeded: word >> UInt64(4 * (digits - 1 - index)) & 0xf))
    }
  }

  /// Reads a word of up to 16 digits; nil when one of them is none.
  ///
  /// - Parameter isLowercase: Whether only lower-case digits count.
  @inlinable
  public static func word(_ digits: some Sequence<UInt8>, isLowercase: Bool = false) -> UInt64? {
    var word: UInt64 = 0
    for digit in digits {
      guard let value = value(of: digit), !isLowercase || !(UInt8(ascii: "A")...UInt8(ascii: "F") ~= digit) else {
        return nil
      }
      word = word << 4 | UInt64(value)
    }
    return word
  }

  /// Writes bytes, two lower-case digits each.
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.flatMap { [digit($0 >> 4), digit($0 & 0xf)] }, as: UTF8.self)
  }
}
