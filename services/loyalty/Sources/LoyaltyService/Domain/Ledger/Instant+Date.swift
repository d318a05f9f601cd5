import Foundation
import Messages

extension Instant {
  /// The instant of a date, to the microsecond.
  init(_ date: Date) {
    self.init(rawValue: date.unixMicroseconds)
  }
}

extension Date {
  /// The date of an instant.
  init(_ instant: Instant) {
    self.init(timeIntervalSince1970: Double(instant.rawValue) / 1_000_000)
  }
}
