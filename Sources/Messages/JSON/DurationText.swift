import Basics

/// `google.protobuf.Duration` as text: seconds with a fraction and the letter s.
package enum DurationText {
  private static let secondsMaximum: Int64 = 315_576_000_000
  private static let nanosMaximum: Int32 = 999_999_999

  /// Formats a span. Returns nil when it is out of range or its parts have different signs.
  static func encode(seconds: Int64, nanos: Int32) -> String? {
    guard
      (-secondsMaximum...secondsMaximum).contains(seconds), (-nanosMaximum...nanosMaximum).contains(nanos),
      seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0)
    else { return nil }
    let sign = seconds < 0 || nanos < 0 ? "-" : ""
    return "\(sign)\(abs(seconds))\(FractionText.encode(nanos: abs(nanos)))s"
  }

  /// Parses a span. Returns nil when `text` has another form or is out of range.
  package static func decode(_ text: [UInt8]) -> (seconds: Int64, nanos: Int32)? {
    guard text.last == UInt8(ascii: "s") else { return nil }
    let isNegative = text.first == UInt8(ascii: "-")
    let parts = text.dropFirst(isNegative ? 1 : 0).dropLast().split(
      separator: UInt8(ascii: "."),
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    guard let seconds = parts.first.flatMap({ DecimalDigits.decode($0) }), seconds <= secondsMaximum else { return nil }
    guard parts.count > 1 else { return (isNegative ? -seconds : seconds, 0) }
    guard let nanos = FractionText.decode(parts[1]) else { return nil }
    return isNegative ? (-seconds, -nanos) : (seconds, nanos)
  }
}
