/// The digits of a second's fraction in timestamps and durations.
enum FractionText {
  private static let digitsMaximum = 9

  /// Formats the fraction as nothing for zero, otherwise as a dot and 3, 6 or 9 digits, as few as hold the value.
  static func encode(nanos: Int32) -> String {
    var digits = String(nanos)
    guard nanos > 0 else { return "" }
    digits = String(repeating: "0", count: digitsMaximum - digits.count) + digits
    while digits.hasSuffix("000") { digits.removeLast(3) }
    return ".\(digits)"
  }

  /// Parses the nanoseconds from one to nine digits after a dot.
  static func decode(_ digits: some Collection<UInt8>) -> Int32? {
    guard (1...digitsMaximum).contains(digits.count), let value = DigitsText.decode(digits) else { return nil }
    return Int32((digits.count..<digitsMaximum).reduce(value) { value, _ in value * 10 })
  }
}

/// Decimal digits without sign or separators.
enum DigitsText {
  /// Parses a number. Returns nil when there are no digits, other characters, or too many digits.
  static func decode(_ digits: some Collection<UInt8>) -> Int64? {
    guard (1...18).contains(digits.count) else { return nil }
    var value: Int64 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return value
  }

  /// Formats `value` with leading zeros to `width` digits.
  static func encode(_ value: Int64, width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
}
