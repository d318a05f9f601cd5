extension Instant {
  /// The time of what never happens; nothing is due at it.
  static let never = Instant(rawValue: .max)
}
