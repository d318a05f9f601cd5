package import Basics

/// What was recorded is exact to the second.
extension Instant {
  /// The instant `unixSeconds` seconds after 1970-01-01T00:00:00Z.
  package init(unixSeconds: Int) {
    self.init(rawValue: Int64(unixSeconds) * 1_000_000)
  }

  /// Midnight at the start of `day`, on a clock that is `offsetHours` ahead of UTC.
  package init(startOf day: Day, offsetHours: Int) {
    self.init(unixSeconds: Int(day.rawValue) * 86_400 - offsetHours * 3_600)
  }

  /// Whole seconds since 1970-01-01T00:00:00Z.
  package var unixSeconds: Int { Int(rawValue.dividedDown(by: 1_000_000).quotient) }

  /// The day on a clock that is `offsetHours` ahead of UTC.
  package func day(offsetHours: Int) -> Day { (self + .seconds(offsetHours * 3_600)).day }
}
