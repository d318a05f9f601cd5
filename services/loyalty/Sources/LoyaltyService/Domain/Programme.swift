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
  /// How long points of receipts can be spent.
  var expiryRule = ExpiryRule.never
  /// For how many days points of receipts are pending; 0 means that they can be spent at once.
  var pendingDays: Int32 = 0
  /// What a return does to points.
  var returnRule = ReturnRule.first
  /// Counts the changes, from 1.
  var version: Int64
  /// When it last changed.
  var updatedAt: Date

  static let pendingDaysAllowed: ClosedRange<Int32> = 0...366
}
