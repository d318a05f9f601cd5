import Basics
import Glibc

/// A point on the monotonic clock in nanoseconds, cheap to read and compare.
struct Moment: Comparable, Hashable, Sendable {
  var nanoseconds: Int64

  init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  static var now: Moment {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }

  static func + (moment: Moment, nanoseconds: Int64) -> Moment {
    let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(nanoseconds)
    return Moment(nanoseconds: overflow ? .max : sum)
  }

  static func - (left: Moment, right: Moment) -> Int64 {
    left.nanoseconds - right.nanoseconds
  }
}

extension Duration {
  /// The duration in milliseconds, at least 1 when it is positive: PostgreSQL takes 0 as no limit.
  var wholeMilliseconds: Int64 {
    let milliseconds = wholeNanoseconds / 1_000_000
    return milliseconds == 0 && self > .zero ? 1 : milliseconds
  }
}
