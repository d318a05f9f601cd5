/// A day of the calendar without a time or a zone, counted from 1970-01-01: a birthday, a day of a programme, the last day
/// of a lot.
public struct Day: RawRepresentable, Sendable, Hashable, Comparable {
  /// Days since 1970-01-01, negative before.
  public var rawValue: Int32

  /// The day `rawValue` days after 1970-01-01.
  @inlinable
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The day that never comes; later than every other.
  @inlinable public static var never: Day { Day(rawValue: .max) }

  /// 9999-12-31, the last day that has a text of ten characters. What is later never comes.
  @inlinable public static var last: Day { Day(rawValue: 2_932_896) }

  /// The day `days` days later; what never comes stays so.
  @inlinable
  public static func + (day: Day, days: Int32) -> Day {
    let (sum, overflow) = day.rawValue.addingReportingOverflow(days)
    return overflow || sum > last.rawValue ? .never : Day(rawValue: sum)
  }

  @inlinable
  public static func < (left: Day, right: Day) -> Bool { left.rawValue < right.rawValue }
}

extension Day {
  /// The day with these numbers in the Gregorian calendar; nil when there is no such day.
  public init?(year: Int, month: Int, day: Int) {
    let date = CivilDate(year: Int64(year), month: Int64(month), day: Int64(day))
    guard -4_000...100_000 ~= year, date.exists else { return nil }
    self.init(date)
  }

  /// The day of `date`; the nearest one that can be counted if it is too far away.
  public init(_ date: CivilDate) {
    self.init(rawValue: Int32(clamping: date.daysSince1970))
  }

  /// Its numbers in the Gregorian calendar.
  public var civil: CivilDate { CivilDate(daysSince1970: Int64(rawValue)) }

  /// Reads a day such as 2027-12-31; nil if there is no such day.
  public init?(_ text: some StringProtocol) {
    guard let date = CivilDate(text.utf8) else { return nil }
    self.init(date)
  }

  /// The day as text, such as 2027-12-31; empty if it never comes.
  public var text: String { self == .never ? "" : civil.description }
}

extension Day: CustomStringConvertible {
  /// The day as ISO 8601 writes it, such as `2025-12-24`.
  public var description: String { civil.description }
}
