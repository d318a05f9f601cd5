import Messages

/// A point in time, exact to the second.
package struct Instant: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  package let unixSeconds: Int

  package init(unixSeconds: Int) {
    self.unixSeconds = unixSeconds
  }

  /// Midnight at the start of `day`, on a clock that is `offsetHours` ahead of UTC.
  package init(startOf day: Day, offsetHours: Int) {
    unixSeconds = day.number * 86_400 - offsetHours * 3_600
  }

  /// The instant that `text` names in the form 2017-12-31T23:59:59Z, or nil if it names none.
  package init?(_ text: String) {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].last == "Z", let day = Day(parts[0]) else { return nil }
    let time = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
    guard time.count == 3, time.allSatisfy({ $0.utf8.count == 2 }),
      let hour = UInt(time[0]), let minute = UInt(time[1]), let second = UInt(time[2]),
      hour < 24, minute < 60, second < 60
    else { return nil }
    unixSeconds = day.number * 86_400 + Int(hour) * 3_600 + Int(minute) * 60 + Int(second)
  }

  /// The day on a clock that is `offsetHours` ahead of UTC.
  func day(offsetHours: Int) -> Day {
    Day(number: Int(Int64(unixSeconds + offsetHours * 3_600).dividedDown(by: 86_400).quotient))
  }

  package static func < (left: Instant, right: Instant) -> Bool { left.unixSeconds < right.unixSeconds }
}
