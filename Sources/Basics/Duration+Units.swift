extension Duration {
  /// Whole nanoseconds, held within what fits 64 bits (292 years).
  @inlinable
  public var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, sumOverflow) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return sumOverflow ? (seconds < 0 ? .min : .max) : sum
  }

  /// Seconds with their fraction.
  public var fractionalSeconds: Double { Double(wholeNanoseconds) / 1_000_000_000 }

  /// `days` days of 24 hours.
  public static func days(_ days: Int32) -> Duration { .seconds(Int64(days) * 86_400) }
}
