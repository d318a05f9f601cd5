import Messages

/// A day of the Gregorian calendar, without a time or a place.
package struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  let number: Int

  init(number: Int) {
    self.number = number
  }

  /// The day with this year, month and day of the month.
  init(year: Int, month: Int, day: Int) {
    number = Int(CivilDate(year: Int64(year), month: Int64(month), day: Int64(day)).daysSince1970)
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
    let date = CivilDate(daysSince1970: Int64(number))
    return (Int(date.year), Int(date.month), Int(date.day))
  }

  /// The month, 1 to 12.
  var month: Int { civil.month }

  /// The day after.
  package var next: Day { Day(number: number + 1) }

  package static func < (left: Day, right: Day) -> Bool { left.number < right.number }
}
