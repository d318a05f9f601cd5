public import FoundationEssentials
import Glibc

/// Where a service reads the time of day. Injected, so that a test decides what time it is.
public struct WallClock: Sendable {
  private let read: @Sendable () -> Int64

  /// A clock that answers with what `read` returns: microseconds since 1970-01-01T00:00:00Z.
  public init(_ read: @escaping @Sendable () -> Int64) {
    self.read = read
  }

  /// Microseconds since 1970-01-01T00:00:00Z.
  public var unixMicroseconds: Int64 { read() }

  /// The same moment as an instant.
  public var instant: Instant { Instant(rawValue: read()) }

  /// The same moment as a date.
  public var now: Date { Date(unixMicroseconds: read()) }

  /// The machine's clock.
  public static let system = WallClock { Int64(UnixClock.nanoseconds / 1_000) }

  /// The same clock, set back.
  public func setBack(by duration: Duration) -> WallClock {
    let microseconds = duration.wholeNanoseconds / 1_000
    return microseconds == 0 ? self : WallClock { unixMicroseconds - microseconds }
  }

  /// A clock that shows one moment.
  public static func fixed(unixMicroseconds: Int64) -> WallClock {
    WallClock { unixMicroseconds }
  }
}

/// The time of day.
package enum UnixClock {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  package static var nanoseconds: UInt64 {
    // Seconds and nanoseconds, as `timespec` has them; which module that type belongs to, optimised builds of several
    // packages do not agree on.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { time in
      guard let start = time.baseAddress else { return 0 }
      clock_gettime(CLOCK_REALTIME, UnsafeMutablePointer(OpaquePointer(start)))
      return UInt64(clamping: time[0]) * 1_000_000_000 + UInt64(clamping: time[1])
    }
  }
}
