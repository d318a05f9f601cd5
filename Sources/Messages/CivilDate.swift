/// A date of the proleptic Gregorian calendar.
package struct CivilDate: Sendable, Hashable {
  package var year: Int64
  /// The month, 1 to 12.
  package var month: Int64
  /// The day of the month, from 1.
  package var day: Int64

  package init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  // A year that begins in March ends with the leap day, so one formula gives the lengths of its months. An era is 400
  // such years.
  private static let daysPerEra: Int64 = 146_097
  /// Days from the first of March of the year 0 to the first of January 1970.
  private static let daysBefore1970: Int64 = 719_468

  /// Converts a number of days since the first of January 1970.
  package init(daysSince1970 days: Int64) {
    let (era, dayOfEra) = (days + Self.daysBefore1970).dividedDown(by: Self.daysPerEra)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    month = (marchMonth + 2) % 12 + 1
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
  }

  /// Days since the first of January 1970.
  package var daysSince1970: Int64 {
    let (era, yearOfEra) = (month > 2 ? year : year - 1).dividedDown(by: 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - Self.daysBefore1970
  }
}

extension Int64 {
  /// Divides by `divisor`, rounding the quotient down. The remainder is never negative.
  package func dividedDown(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
