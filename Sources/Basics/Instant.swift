public import FoundationEssentials

/// A point in time, exact to the microsecond.
public struct Instant: RawRepresentable, Sendable, Hashable, Comparable {
  /// Microseconds since 1970-01-01T00:00:00Z.
  public var rawValue: Int64

  /// The instant `rawValue` microseconds after 1970-01-01T00:00:00Z.
  @inlinable
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// The time of what never happens; nothing is due at it.
  @inlinable public static var never: Instant { Instant(rawValue: .max) }

  /// Before every other.
  @inlinable public static var distantPast: Instant { Instant(rawValue: .min) }

  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool { left.rawValue < right.rawValue }

  /// The instant `duration` later, to the microsecond; what never comes stays so.
  public static func + (instant: Instant, duration: Duration) -> Instant {
    let (seconds, attoseconds) = duration.components
    let sum = Int128(instant.rawValue) + Int128(seconds) * 1_000_000 + Int128(attoseconds / 1_000_000_000_000)
    return instant == .never ? .never : Instant(rawValue: Int64(clamping: sum))
  }
}

extension Instant {
  /// The day in UTC.
  public var day: Day { Day(rawValue: Int32(clamping: rawValue.dividedDown(by: Self.microsecondsPerDay).quotient)) }

  /// The instant as RFC 3339 writes it, in UTC: `2026-11-22T04:28:42.123456Z`.
  public var text: String {
    let (seconds, microseconds) = rawValue.dividedDown(by: 1_000_000)
    return "\(RFC3339.wholeSeconds(seconds)).\(DecimalDigits.encode(microseconds, width: 6))Z"
  }

  /// Reads an instant such as 2026-12-31T16:00:00.5Z, cut to the microsecond; nil if it is none of the years 1 to 9999.
  public init?(_ text: some StringProtocol) {
    guard let (seconds, nanos) = RFC3339.decode(text.utf8) else { return nil }
    self.init(rawValue: seconds * 1_000_000 + Int64(nanos) / 1_000)
  }

  private static var microsecondsPerDay: Int64 { 86_400_000_000 }
}

extension Instant {
  /// The instant of `date`, cut to the microsecond.
  public init(_ date: Date) {
    self.init(rawValue: date.unixMicroseconds)
  }
}

extension Date {
  /// The date of `instant`.
  public init(_ instant: Instant) {
    self.init(unixMicroseconds: instant.rawValue)
  }

  /// 2001-01-01T00:00:00Z, where a `Date` counts from.
  private static var referenceSeconds: Int64 { 978_307_200 }

  /// Microseconds since 1970-01-01T00:00:00Z, cut; the nearest number that fits if the time is beyond it.
  public var unixMicroseconds: Int64 {
    let seconds = timeIntervalSinceReferenceDate.rounded(.down)
    guard abs(seconds) < 9_000_000_000_000 else { return seconds < 0 ? .min : .max }
    // A quarter makes up for the digits that a `Date` lacks: what was made of whole microseconds becomes the same again.
    let micros = ((timeIntervalSinceReferenceDate - seconds) * 1_000_000 + 0.25).rounded(.down)
    return (Int64(seconds) + Self.referenceSeconds) * 1_000_000 + Int64(micros)
  }

  /// The date `unixMicroseconds` microseconds after 1970-01-01T00:00:00Z. A `Date` has room for single microseconds until
  /// the year 2137; of a later time it is the latest that is not after it.
  public init(unixMicroseconds: Int64) {
    let (seconds, micros) = unixMicroseconds.dividedDown(by: 1_000_000)
    let interval = Double(seconds - Self.referenceSeconds) + Double(micros) / 1_000_000
    self.init(timeIntervalSinceReferenceDate: interval)
    if self.unixMicroseconds > unixMicroseconds { self.init(timeIntervalSinceReferenceDate: interval.nextDown) }
  }

  /// The date `duration` later.
  public static func + (date: Date, duration: Duration) -> Date {
    let (seconds, attoseconds) = duration.components
    return date + (TimeInterval(seconds) + TimeInterval(attoseconds) / 1e18)
  }
}
