/// A point in time, in microseconds since 1970-01-01T00:00:00Z: what the ledger's rules compare and the store keeps.
struct Instant: RawRepresentable, Sendable, Hashable, Comparable {
  var rawValue: Int64

  init(rawValue: Int64) { self.rawValue = rawValue }

  static func < (left: Instant, right: Instant) -> Bool { left.rawValue < right.rawValue }
}
