/// A day of birth; the year may be kept private.
struct Birthday: Sendable, Hashable {
  /// 1900 to 2100, or nil if the member keeps it private.
  let year: Int?
  /// 1 to 12.
  let month: Int
  /// 1 to the month's last day.
  let day: Int

  /// A year of 0 means that it is not said; 29 February is then a day like others.
  init(year: Int, month: Int, day: Int) throws(InvalidValue) {
    guard year == 0 || 1900...2100 ~= year else {
      throw InvalidValue(.birthdayInvalid, "give a year from 1900 to 2100, or 0 if the member does not tell it")
    }
    guard 1...12 ~= month else { throw InvalidValue(.birthdayInvalid, "give a month from 1 to 12") }
    let lastDay = Self.lastDay(ofMonth: month, year: year == 0 ? nil : year)
    guard 1...lastDay ~= day else {
      throw InvalidValue(.birthdayInvalid, "give a day from 1 to \(lastDay) in that month")
    }
    self.year = year == 0 ? nil : year
    self.month = month
    self.day = day
  }

  /// The Gregorian calendar's rule; without a year February has 29 days.
  private static func lastDay(ofMonth month: Int, year: Int?) -> Int {
    switch month {
    case 4, 6, 9, 11: return 30
    case 2:
      guard let year else { return 29 }
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: return 31
    }
  }
}
