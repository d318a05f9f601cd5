import Basics

/// How long what is earned can be spent.
enum ExpiryRule: Sendable, Hashable {
  /// For ever.
  case never
  /// For so many days after the day on which it was earned.
  case days(Int32)
  /// To the end of the month that is so many months after the one in which it was earned.
  case monthEnds(Int32)
  /// To the end of the year that is so many years after the one in which it was earned.
  case yearEnds(Int32)

  static let countAllowed: ClosedRange<Int32> = 0...10_000

  /// The last day on which what was earned on a day can be spent.
  func lastDay(earnedOn day: Day) -> Day {
    let date = day.civil
    switch self {
    case .never: return .never
    case .days(let days): return day + days
    case .monthEnds(let months): return Self.dayBefore(year: date.year, month: date.month + Int64(months) + 1)
    case .yearEnds(let years): return Self.dayBefore(year: date.year + Int64(years) + 1, month: 1)
    }
  }

  /// The day before the first of a month; months beyond 12 are those of later years.
  private static func dayBefore(year: Int64, month: Int64) -> Day {
    let months = year * 12 + month - 1
    let first = CivilDate(year: months / 12, month: months % 12 + 1, day: 1)
    let day = Day(rawValue: Int32(clamping: first.daysSince1970 - 1))
    return day > .last ? .never : day
  }
}
