public import Foundation

/// Where a service reads the time of day. Injected, so that a test decides what time it is.
public struct WallClock: Sendable {
  private let read: @Sendable () -> Int64

  /// A clock that answers with what `read` returns: microseconds since 1970-01-01T00:00:00Z.
  public init(_ read: @escaping @Sendable () -> Int64) {
    self.read = read
  }

  /// Microseconds since 1970-01-01T00:00:00Z.
  public var unixMicroseconds: Int64 { read() }

  /// The same moment as a date.
  public var now: Date { Date(timeIntervalSince1970: Double(read()) / 1_000_000) }

  /// The machine's clock.
  public static let system = WallClock {
    Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down))
  }

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
