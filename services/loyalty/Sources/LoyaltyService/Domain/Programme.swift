import Foundation

/// The points programme: the rules by which receipts earn and points pay.
struct Programme: Sendable, Hashable {
  /// The programme's name, as members see it.
  var name: String
  /// The currency of its receipts, ISO 4217.
  var currencyCode: String
  /// How points are earned.
  var earnRule: EarnRule
  /// What points are worth.
  var redeemRule: RedeemRule
  /// Counts the changes, from 1.
  var version: Int64
  /// When it last changed.
  var updatedAt: Date
}
