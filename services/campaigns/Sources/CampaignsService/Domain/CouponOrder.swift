import Foundation

/// The order that coupons are to be used on, as far as their rules look at it.
struct CouponOrder: Sendable, Hashable {
  /// The sum of its lines, in the currency's smallest unit; not negative.
  var grossMinorUnits: Int64
  /// The currency, ISO 4217.
  var currencyCode: String
  /// When the sale happened.
  var occurredAt: Date
}
