public import FoundationEssentials

/// The well-known type `google.protobuf.Timestamp`: a point in time as seconds and nanoseconds since 1970 UTC.
public protocol TimestampMessage: Message {
  /// Seconds since 1970-01-01T00:00:00Z, rounded down.
  var seconds: Int64 { get set }
  /// Nanoseconds within the second, 0 to 999,999,999, counting forward also before 1970.
  var nanos: Int32 { get set }
}

extension TimestampMessage {
  /// The time so many microseconds after 1970-01-01T00:00:00Z.
  ///
  /// - Parameter unixMicroseconds: Microseconds; negative before 1970.
  public init(unixMicroseconds: Int64) {
    self.init()
    let (quotient, remainder) = unixMicroseconds.quotientAndRemainder(dividingBy: 1_000_000)
    seconds = remainder < 0 ? quotient - 1 : quotient
    nanos = Int32(remainder < 0 ? remainder + 1_000_000 : remainder) * 1000
  }

  /// Microseconds since 1970-01-01T00:00:00Z, rounded down; the nearest number that fits if the time is beyond it.
  public var unixMicroseconds: Int64 {
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let micros = Int64(nanos) >= 0 ? Int64(nanos) / 1000 : (Int64(nanos) - 999) / 1000
    let (sum, sumOverflow) = whole.addingReportingOverflow(micros)
    return sumOverflow ? (seconds < 0 ? .min : .max) : sum
  }

  /// The time as Foundation knows it, rounded down to a microsecond.
  ///
  /// - Parameter date: The time. Beyond the years that fit into microseconds it becomes the nearest that fits.
  public init(date: Date) {
    let micros = (date.timeIntervalSince1970 * 1_000_000).rounded()
    self.init(unixMicroseconds: Int64(exactly: micros) ?? (micros < 0 ? .min : .max))
  }

  /// The time as Foundation knows it.
  public var date: Date {
    Date(timeIntervalSince1970: Double(seconds) + Double(nanos) / 1_000_000_000)
  }

  /// Whether the time lies in the years 1 to 9999 and the nanoseconds within their second, as the type requires.
  public var isValid: Bool {
    (-62_135_596_800...253_402_300_799).contains(seconds) && (0...999_999_999).contains(nanos)
  }
}
