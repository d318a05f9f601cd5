import Foundation
import Messages

/// A point in time, in microseconds since 1970-01-01T00:00:00Z: what the ledger's rules compare and the store keeps.
struct Instant: RawRepresentable, Sendable, Hashable, Comparable {
  var rawValue: Int64

  init(rawValue: Int64) { self.rawValue = rawValue }

  static func < (left: Instant, right: Instant) -> Bool { left.rawValue < right.rawValue }
}

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

extension Instant {
  /// The instant so much later, to the microsecond; what never comes stays so.
  static func + (instant: Instant, duration: Duration) -> Instant {
    let (seconds, attoseconds) = duration.components
    let sum = Int128(instant.rawValue) + Int128(seconds) * 1_000_000 + Int128(attoseconds / 1_000_000_000_000)
    return instant == .never ? .never : Instant(rawValue: Int64(clamping: sum))
  }
}

extension Duration {
  /// So many days of 24 hours.
  static func days(_ days: Int32) -> Duration { .seconds(Int64(days) * 86_400) }
}

extension Instant {
  /// The time of what never happens; nothing is due at it.
  static let never = Instant(rawValue: .max)
}

/// When something is decided: the instant, and the day that it is in the programme's calendar.
struct LedgerTime: Sendable, Hashable {
  var now: Instant
  var today: Day
}
