import Foundation

/// The programme's calendar: which day it is where its shops are.
struct ProgrammeCalendar: Sendable {
  let timeZone: TimeZone

  /// The moment and its day.
  func time(_ date: Date) -> LedgerTime {
    time(Instant(date))
  }

  /// The moment and its day.
  func time(_ now: Instant) -> LedgerTime {
    let date = Date(now)
    let local = now.rawValue + Int64(timeZone.secondsFromGMT(for: date)) * 1_000_000
    let day = (Double(local) / 86_400_000_000).rounded(.down)
    return LedgerTime(now: now, today: Day(rawValue: Int32(day)))
  }
}
