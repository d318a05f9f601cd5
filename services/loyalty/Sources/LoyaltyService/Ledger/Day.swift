import Messages

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

extension Day {
  /// A day as text, such as 2027-12-31; nil if there is no such day.
  init?(_ text: String) {
    guard let match = text.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/), let year = Int64(match.1),
      let month = Int64(match.2), let day = Int64(match.3), 1...12 ~= month, 1...31 ~= day
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    let days = date.daysSince1970
    guard CivilDate(daysSince1970: days) == date else { return nil }
    self.init(rawValue: Int32(days))
  }

  /// The day as text; empty if it never comes.
  var text: String {
    guard self != .never else { return "" }
    let date = CivilDate(daysSince1970: Int64(rawValue))
    func digits(_ number: Int64, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))"
  }
}
