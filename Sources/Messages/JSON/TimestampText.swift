/// `google.protobuf.Timestamp` as text: RFC 3339, written in UTC.
enum TimestampText {
  /// The years 1 to 9999.
  private static let secondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
  private static let secondsPerDay: Int64 = 86_400
  /// Bytes up to the seconds.
  private static let wholeCount = 19

  /// Formats a time. Returns nil when it is out of range.
  static func encode(seconds: Int64, nanos: Int32) -> String? {
    guard secondsRange.contains(seconds), (0...999_999_999).contains(nanos) else { return nil }
    let (days, second) = seconds.dividedDown(by: secondsPerDay)
    let date = CivilDate(daysSince1970: days)
    let two = { (value: Int64) in DigitsText.encode(value, width: 2) }
    return "\(DigitsText.encode(date.year, width: 4))-\(two(date.month))-\(two(date.day))"
      + "T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))\(FractionText.encode(nanos: nanos))Z"
  }

  /// Parses a time. Returns nil when `text` has another form, names no existing time, or is out of range.
  static func decode(_ text: [UInt8]) -> (seconds: Int64, nanos: Int32)? {
    guard text.count > wholeCount, let local = wholeSeconds(text) else { return nil }
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
  private static func wholeSeconds(_ text: [UInt8]) -> Int64? {
    let separators: [(Int, UInt8)] = [
      (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")), (10, UInt8(ascii: "T")), (13, UInt8(ascii: ":")),
      (16, UInt8(ascii: ":")),
    ]
    guard separators.allSatisfy({ text[$0] == $1 }) else { return nil }
    guard
      let year = number(text[0..<4], in: 1...9999),
      let month = number(text[5..<7], in: 1...12),
      let day = number(text[8..<10], in: 1...daysInMonth(month, year: year)),
      let hour = number(text[11..<13], in: 0...23),
      let minute = number(text[14..<16], in: 0...59),
      let second = number(text[17..<19], in: 0...59)
    else { return nil }
    let days = CivilDate(year: year, month: month, day: day).daysSince1970
    return days * secondsPerDay + hour * 3600 + minute * 60 + second
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
    DigitsText.decode(digits).flatMap { range.contains($0) ? $0 : nil }
  }

  private static func daysInMonth(_ month: Int64, year: Int64) -> Int64 {
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return switch month {
    case 2: isLeapYear ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
