/// A date of the Gregorian calendar, reckoned backwards and forwards without end.
public struct CivilDate: Sendable, Hashable {
  /// The year, by the astronomers' count: 0 is the year before the first.
  public var year: Int64
  /// 1 to 12.
  public var month: Int64
  /// Of the month, from 1.
  public var day: Int64

  /// The date with these numbers, whether there is such a day or not.
  public init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  // A year that begins in March ends with the leap day, so the lengths of its months follow one formula. An era is 400
  // such years.
  private static let daysPerEra: Int64 = 146_097
  /// Days from the first of March of the year 0 to the first of January 1970.
  private static let daysBefore1970: Int64 = 719_468

  /// The date `days` days after the first of January 1970.
  public init(daysSince1970 days: Int64) {
    let (era, dayOfEra) = (days + Self.daysBefore1970).dividedDown(by: Self.daysPerEra)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    month = (marchMonth + 2) % 12 + 1
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
  }

  /// Days since the first of January 1970.
  public var daysSince1970: Int64 {
    let (era, yearOfEra) = (month > 2 ? year : year - 1).dividedDown(by: 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - Self.daysBefore1970
  }

  /// Counts the days of `month`, 1 to 12, in `year`; without a year February has 29.
  public static func days(inMonth month: Int64, of year: Int64?) -> Int64 {
    switch month {
    case 4, 6, 9, 11: return 30
    case 2:
      guard let year else { return 29 }
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: return 31
    }
  }

  /// Whether there is such a day.
  public var exists: Bool { 1...12 ~= month && 1...Self.days(inMonth: month, of: year) ~= day }
}

extension CivilDate: CustomStringConvertible {
  /// The date as ISO 8601 writes it, such as `2025-12-24`.
  public var description: String {
    "\(DecimalDigits.encode(year, width: 4))-\(DecimalDigits.encode(month, width: 2))-"
      + DecimalDigits.encode(day, width: 2)
  }

  /// Reads ten bytes such as `2027-12-31`; nil if they have another form or name no day.
  public init?(_ text: some Collection<UInt8>) {
    guard text.count == 10 else { return nil }
    let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2],
      let year = DecimalDigits.decode(parts[0]), let month = DecimalDigits.decode(parts[1]),
      let day = DecimalDigits.decode(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
    guard exists else { return nil }
  }
}

/// Decimal digits and nothing else.
package enum DecimalDigits {
  /// The number that the digits are; nil when there are none, others, or too many.
  package static func decode(_ digits: some Collection<UInt8>) -> Int64? {
    guard (1...18).contains(digits.count) else { return nil }
    var value: Int64 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return value
  }

  /// Writes a number with leading zeros, at least `width` digits.
  package static func encode(_ value: Int64, width: Int) -> String {
    let digits = String(value.magnitude)
    return (value < 0 ? "-" : "") + String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
}

extension Int64 {
  /// The quotient rounded down, and the remainder, which is never negative.
  @inlinable
  public func dividedDown(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
