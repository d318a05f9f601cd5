/// A day of the programme's calendar, counted from 1970-01-01. Lots expire at the end of one.
struct Day: RawRepresentable, Sendable, Hashable, Comparable {
  var rawValue: Int32

  init(rawValue: Int32) { self.rawValue = rawValue }

  /// The expiry of what never expires; later than every day.
  static let never = Day(rawValue: .max)

  /// 9999-12-31, the last day that has a text. What is later never comes.
  static let last = Day(rawValue: 2_932_896)

  /// The day so many days later; what never comes stays so.
  static func + (day: Day, days: Int32) -> Day {
    let (sum, overflow) = day.rawValue.addingReportingOverflow(days)
    return overflow || sum > last.rawValue ? .never : Day(rawValue: sum)
  }

  static func < (left: Day, right: Day) -> Bool { left.rawValue < right.rawValue }
}
