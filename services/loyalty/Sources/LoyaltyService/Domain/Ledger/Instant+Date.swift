import Foundation

extension Instant {
  /// The instant of a date, to the microsecond.
  init(_ date: Date) {
    self.init(rawValue: Int64((date.timeIntervalSince1970 * 1_000_000).rounded()))
  }
}

extension Date {
  /// The date of an instant.
  init(_ instant: Instant) {
    self.init(timeIntervalSince1970: Double(instant.rawValue) / 1_000_000)
  }
}
