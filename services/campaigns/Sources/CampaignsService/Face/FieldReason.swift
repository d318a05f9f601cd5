/// Why a single field is refused, beyond the reasons that every service has.
enum FieldReason {
  /// Amounts are in different currencies.
  static let currencyMismatch = "CURRENCY_MISMATCH"
  /// A coupon is named twice.
  static let repeated = "REPEATED"
  /// The end of a period is not after its beginning.
  static let emptyPeriod = "EMPTY_PERIOD"
}
