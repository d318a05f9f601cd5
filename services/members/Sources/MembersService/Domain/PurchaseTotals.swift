import Foundation

/// What a member bought in all, and what of it came back.
struct PurchaseTotals: Sendable, Hashable {
  /// Receipts of which the member kept something.
  var purchaseCount: Int64
  /// Receipts that came back as a whole.
  var returnedPurchaseCount: Int64
  /// Nil if the member never bought anything: no receipt, no currency.
  var currencyCode: String?
  /// Gross: for all receipts, in the currency's smallest unit.
  var paidMinorUnits: Int64
  /// What came back of it.
  var refundedMinorUnits: Int64
  /// Net: what is left of it.
  var spentMinorUnits: Int64
  /// Of the receipts that did not come back as a whole.
  var lastPurchaseAt: Date?

  /// Of a member who never bought anything.
  static let none = PurchaseTotals(
    purchaseCount: 0,
    returnedPurchaseCount: 0,
    currencyCode: nil,
    paidMinorUnits: 0,
    refundedMinorUnits: 0,
    spentMinorUnits: 0,
    lastPurchaseAt: nil
  )
}
