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
