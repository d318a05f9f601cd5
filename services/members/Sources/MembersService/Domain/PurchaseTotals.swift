import Foundation

/// What a member bought in all, refunded receipts left out.
struct PurchaseTotals: Sendable, Hashable {
  var purchaseCount: Int64
  /// Nil if the member never bought anything: no receipt, no currency.
  var currencyCode: String?
  /// In the currency's smallest unit.
  var spentMinorUnits: Int64
  var lastPurchaseAt: Date?

  /// Of a member who never bought anything.
  static let none = PurchaseTotals(purchaseCount: 0, currencyCode: nil, spentMinorUnits: 0, lastPurchaseAt: nil)
}
