/// A day of the Gregorian calendar, without a time or a place.
struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  let number: Int

  init(number: Int) {
    self.number = number
  }

  /// The day with this year, month and day of the month.
  init(year: Int, month: Int, day: Int) {
    // Counted in years that start in March, so that the leap day is the last day of its year.
    let shifted = month > 2 ? year : year - 1
    let era = Self.floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day that `text` names in the form 2017-12-31, or nil if it names none.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
      let year = UInt(parts[0]), let month = UInt(parts[1]), let day = UInt(parts[2])
    else { return nil }
    guard (1...12).contains(month), (1...31).contains(day) else { return nil }
    self.init(year: Int(year), month: Int(month), day: Int(day))
    guard civil == (Int(year), Int(month), Int(day)) else { return nil }
  }

  /// Year, month and day of the month.
  var civil: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = Self.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = ((5 * dayOfYear + 2) / 153 + 2) % 12 + 1
    let day = dayOfYear - (153 * ((month + 9) % 12) + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The month, 1 to 12.
  var month: Int { civil.month }

  /// The day after.
  var next: Day { Day(number: number + 1) }

  static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    dividend >= 0 ? dividend / divisor : -((-dividend + divisor - 1) / divisor)
  }
}
