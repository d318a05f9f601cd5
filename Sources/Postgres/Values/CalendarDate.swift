/// A calendar day without time or zone: the value of a `date` column, such as a birthday or an expiry day.
public struct CalendarDate: Sendable, Hashable, Comparable {
  /// Days since 1970-01-01, negative before.
  public var daysSince1970: Int32

  public init(daysSince1970: Int32) {
    self.daysSince1970 = daysSince1970
  }

  /// Makes a day from its Gregorian components. Nil when there is no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard 1...12 ~= month, 1...31 ~= day, -4_000...100_000 ~= year else { return nil }
    let date = CalendarDate(daysSince1970: Int32(Self.days(year: year, month: month, day: day)))
    guard date.components == (year, month, day) else { return nil }
    self = date
  }

  public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    left.daysSince1970 < right.daysSince1970
  }

  /// The Gregorian components, computed with years that begin in March so that the leap day is last.
  public var components: (year: Int, month: Int, day: Int) {
    let shifted = Int(daysSince1970) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

extension CalendarDate: CustomStringConvertible {
  /// The day in ISO 8601 form, such as `2025-12-24`.
  public var description: String {
    let (year, month, day) = components
    let padded = { (number: Int, width: Int) in
      let digits = String(number.magnitude)
      return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

extension CalendarDate: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .date }
  public static var postgresArrayType: PostgresType { .dateArray }

  /// The day that PostgreSQL counts from, 2000-01-01.
  private static let postgresEpoch: Int32 = 10_957

  public func encode(into buffer: inout PostgresBuffer) {
    let (days, overflow) = daysSince1970.subtractingReportingOverflow(Self.postgresEpoch)
    buffer.append(overflow ? Int32.min : days)
  }

  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .date else { throw field.mismatch(Self.self) }
    let days = try field.integer(Int32.self)
    let (sum, overflow) = days.addingReportingOverflow(Self.postgresEpoch)
    daysSince1970 = overflow ? .max : sum
  }
}
