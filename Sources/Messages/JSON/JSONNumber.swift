import Basics

/// A number in the notation of RFC 8259.
package struct JSONNumber: Sendable {
  private let text: ArraySlice<UInt8>
  private let isNegative: Bool
  /// The digits before and after the dot.
  private let digits: ArraySlice<UInt8>
  /// The power of ten that multiplies the digits, read as an integer.
  private let exponent: Int

  /// Parses a number.
  ///
  /// - Returns: Nil when `text` is not a number of RFC 8259.
  package init?(_ text: ArraySlice<UInt8>) {
    var rest = text
    isNegative = Self.take("-", from: &rest)
    let whole = Self.takeDigits(from: &rest)
    guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return nil }
    var fraction: ArraySlice<UInt8> = []
    if Self.take(".", from: &rest) {
      fraction = Self.takeDigits(from: &rest)
      if fraction.isEmpty { return nil }
    }
    var power = 0
    if Self.take("e", from: &rest) || Self.take("E", from: &rest) {
      let isSmall = Self.take("-", from: &rest)
      if !isSmall { _ = Self.take("+", from: &rest) }
      let digits = Self.takeDigits(from: &rest)
      if digits.isEmpty { return nil }
      // An exponent of more than 18 digits has the same effect as the greatest one of 18.
      let value = Int(DecimalDigits.decode(digits.drop { $0 == UInt8(ascii: "0") }) ?? Self.greatest(digits))
      power = isSmall ? -value : value
    }
    guard rest.isEmpty else { return nil }
    self.text = text
    digits = fraction.isEmpty ? whole : whole + fraction
    exponent = power - fraction.count
  }

  /// The value as an integer of at most 64 bits and a sign. Nil when it is none.
  package var integer: (isNegative: Bool, magnitude: UInt64)? {
    var digits = digits.drop { $0 == UInt8(ascii: "0") }
    if digits.isEmpty { return (false, 0) }
    var exponent = exponent
    while exponent < 0, digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      exponent += 1
    }
    guard (0..<20).contains(exponent) else { return nil }
    var magnitude: UInt64 = 0
    for digit in digits {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      if overflow || carry { return nil }
      magnitude = sum
    }
    for _ in 0..<exponent {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      magnitude = product
    }
    return (isNegative, magnitude)
  }

  /// Returns the nearest floating point number, nil when the value is out of the type's range.
  package func floatingPoint<Value: BinaryFloatingPoint & LosslessStringConvertible>(_ type: Value.Type) -> Value? {
    Value(String(decoding: text, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  private static func take(_ character: Unicode.Scalar, from rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private static func takeDigits(from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    return digits
  }

  private static func greatest(_ digits: ArraySlice<UInt8>) -> Int64 {
    digits.allSatisfy { $0 == UInt8(ascii: "0") } ? 0 : 999_999_999_999_999_999
  }
}
