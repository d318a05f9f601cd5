import Foundation

extension Date {
  /// Returns the date `duration` after `date`.
  static func + (date: Date, duration: Duration) -> Date {
    let (seconds, attoseconds) = duration.components
    return date + (TimeInterval(seconds) + TimeInterval(attoseconds) / 1e18)
  }
}
