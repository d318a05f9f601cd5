import Foundation

extension Date {
  /// The date so much later.
  static func + (date: Date, duration: Duration) -> Date {
    let (seconds, attoseconds) = duration.components
    return date + (TimeInterval(seconds) + TimeInterval(attoseconds) / 1e18)
  }
}
