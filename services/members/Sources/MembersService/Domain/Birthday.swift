import Basics

/// A day of birth, whose year may be private.
struct Birthday: Sendable, Hashable {
  /// The year, 1900 to 2100, nil if it is private.
  let year: Int?
  /// The month, 1 to 12.
  let month: Int
  /// The day, 1 to the month's last.
  let day: Int

  /// Validates a birthday. A year of 0 means that it is private; then 29 February is valid.
  init(year: Int, month: Int, day: Int) throws(InvalidValue) {
    guard year == 0 || 1900...2100 ~= year else {
      throw InvalidValue(.birthdayInvalid, "give a year from 1900 to 2100, or 0 if the member does not tell it")
    }
    guard 1...12 ~= month else { throw InvalidValue(.birthdayInvalid, "give a month from 1 to 12") }
    let lastDay = CivilDate.days(inMonth: Int64(month), of: year == 0 ? nil : Int64(year))
    guard 1...lastDay ~= Int64(day) else {
      throw InvalidValue(.birthdayInvalid, "give a day from 1 to \(lastDay) in that month")
    }
    self.year = year == 0 ? nil : year
    self.month = month
    self.day = day
  }
}
