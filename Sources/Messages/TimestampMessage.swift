import Basics
public import FoundationEssentials

/// The well-known type `google.protobuf.Timestamp`: a point in time as seconds and nanoseconds since 1970 UTC.
public protocol TimestampMessage: Message {
  /// Seconds since 1970-01-01T00:00:00Z, rounded down.
  var seconds: Int64 { get set }
  /// Nanoseconds within the second, 0 to 999,999,999, counting forward also before 1970.
  var nanos: Int32 { get set }

  /// Makes a message.
  ///
  /// - Parameters:
  ///   - seconds: Seconds since 1970-01-01T00:00:00Z, rounded down.
  ///   - nanos: Nanoseconds within the second.
  init(seconds: Int64, nanos: Int32)
}

extension TimestampMessage {
  /// Makes the time `unixMicroseconds` after 1970-01-01T00:00:00Z.
  ///
  /// - Parameter unixMicroseconds: Microseconds; negative before 1970.
  public init(unixMicroseconds: Int64) {
    let (quotient, remainder) = unixMicroseconds.dividedDown(by: 1_000_000)
    self.init(seconds: quotient, nanos: Int32(remainder) * 1000)
  }

  /// Microseconds since 1970-01-01T00:00:00Z, rounded down and clamped to the type's range.
  public var unixMicroseconds: Int64 {
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let micros = Int64(nanos) >= 0 ? Int64(nanos) / 1000 : (Int64(nanos) - 999) / 1000
    let (sum, sumOverflow) = whole.addingReportingOverflow(micros)
    return sumOverflow ? (seconds < 0 ? .min : .max) : sum
  }

  /// Converts a Foundation date, truncated to the microsecond and clamped to the years 1 to 9999, the type's range.
  ///
  /// - Parameter date: The time.
  public init(date: Date) {
    let micros = date.unixMicroseconds
    self.init(unixMicroseconds: min(max(micros, Self.earliestMicroseconds), Self.latestMicroseconds))
  }

  /// The time as a Foundation date, truncated to the microsecond. A `Date` distinguishes microseconds until the year
  /// 2137; for a later time the result is the latest date that is not after it.
  public var date: Date { Date(unixMicroseconds: unixMicroseconds) }

  /// Whether the time lies in the years 1 to 9999 and the nanoseconds within their second, as the type requires.
  public var isValid: Bool {
    (-62_135_596_800...253_402_300_799).contains(seconds) && (0...999_999_999).contains(nanos)
  }

  private static var earliestMicroseconds: Int64 { -62_135_596_800_000_000 }
  private static var latestMicroseconds: Int64 { 253_402_300_799_999_999 }
}
