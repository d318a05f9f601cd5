import Messages

/// Writes moments as RFC 3339 in UTC without the cost of a date formatter.
enum CivilTime {
  /// `2026-11-22T04:28:42.123456Z`
  static func text(unixMicroseconds: Int64) -> String {
    let (seconds, micros) = unixMicroseconds.dividedDown(by: 1_000_000)
    let (days, secondOfDay) = seconds.dividedDown(by: 86_400)
    let date = CivilDate(daysSince1970: days)
    let time = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map { padded($0, 2) }
    return
      "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
      + "T\(time.joined(separator: ":")).\(padded(micros, 6))Z"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
