/// Times as text: RFC 3339, written in UTC.
package enum RFC3339 {
  /// The years 1 to 9999.
  private static let secondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
  private static let secondsPerDay: Int64 = 86_400
  /// Bytes up to the seconds.
  private static let wholeCount = 19

  /// Formats a time. Returns nil when it is out of range.
  package static func encode(seconds: Int64, nanos: Int32) -> String? {
    guard secondsRange.contains(seconds), (0...999_999_999).contains(nanos) else { return nil }
    return "\(wholeSeconds(seconds))\(FractionText.encode(nanos: nanos))Z"
  }

  /// The first 19 characters, `YYYY-MM-DDTHH:MM:SS`, of a time in UTC.
  static func wholeSeconds(_ seconds: Int64) -> String {
    let (days, second) = seconds.dividedDown(by: secondsPerDay)
    func two(_ number: Int64) -> String { DecimalDigits.encode(number, width: 2) }
    return "\(CivilDate(daysSince1970: days))T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
  }

  /// Parses a time. Returns nil when `text` has another form, names no existing time, or is out of range.
  package static func decode(_ text: some Collection<UInt8>) -> (seconds: Int64, nanos: Int32)? {
    let text = Array(text)
    guard text.count > wholeCount, let local = wholeSeconds(of: text) else { return nil }
    var rest = text.dropFirst(wholeCount)
    var nanos: Int32 = 0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix {
        $0 != UInt8(ascii: "Z") && $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-")
      }
      guard let fraction = FractionText.decode(digits) else { return nil }
      nanos = fraction
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = offset(rest), secondsRange.contains(local - offset) else { return nil }
    return (local - offset, nanos)
  }

  /// Parses the first 19 bytes, `YYYY-MM-DDTHH:MM:SS`, as UTC.
  private static func wholeSeconds(of text: [UInt8]) -> Int64? {
    let separators: [(Int, UInt8)] = [(10, UInt8(ascii: "T")), (13, UInt8(ascii: ":")), (16, UInt8(ascii: ":"))]
    guard separators.allSatisfy({ text[$0] == $1 }) else { return nil }
    guard
      let date = CivilDate(text[0..<10]), 1...9999 ~= date.year,
      let hour = number(text[11..<13], in: 0...23),
      let minute = number(text[14..<16], in: 0...59),
      let second = number(text[17..<19], in: 0...59)
    else { return nil }
    return date.daysSince1970 * secondsPerDay + hour * 3600 + minute * 60 + second
  }

  /// Parses `Z`, `+HH:MM` or `-HH:MM` into seconds.
  private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
    if text.elementsEqual([UInt8(ascii: "Z")]) { return 0 }
    let start = text.startIndex
    guard
      text.count == 6, text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"),
      text[start + 3] == UInt8(ascii: ":"),
      let hours = number(text[start + 1..<start + 3], in: 0...23),
      let minutes = number(text[start + 4..<start + 6], in: 0...59)
    else { return nil }
    return (hours * 3600 + minutes * 60) * (text[start] == UInt8(ascii: "-") ? -1 : 1)
  }

  private static func number(_ digits: ArraySlice<UInt8>, in range: ClosedRange<Int64>) -> Int64? {
    DecimalDigits.decode(digits).flatMap { range.contains($0) ? $0 : nil }
  }
}

/// The digits of a second's fraction, as timestamps and durations have them.
package enum FractionText {
  private static let digitsMaximum = 9

  /// Nothing for zero, otherwise a dot and 3, 6 or 9 digits: as few as hold the value.
  package static func encode(nanos: Int32) -> String {
    var digits = String(nanos)
    guard nanos > 0 else { return "" }
    digits = String(repeating: "0", count: digitsMaximum - digits.count) + digits
    while digits.hasSuffix("000") { digits.removeLast(3) }
    return ".\(digits)"
  }

  /// The nanoseconds of one to nine digits after a dot.
  package static func decode(_ digits: some Collection<UInt8>) -> Int32? {
    guard (1...digitsMaximum).contains(digits.count), let value = DecimalDigits.decode(digits) else { return nil }
    return Int32((digits.count..<digitsMaximum).reduce(value) { value, _ in value * 10 })
  }
}
