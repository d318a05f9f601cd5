import Foundation

/// One receipt in a member's history: as sold, and what was returned.
struct Purchase: Sendable, Hashable {
  /// The first part of the key with `orderID`: a member's purchases are stored together.
  var memberID: UUID
  /// The request id under which the till posted the order.
  var orderID: UUID
  var storeID: String
  var receiptNumber: String
  var purchasedAt: Date
  var currencyCode: String
  /// The price of the lines before coupons and points, in the currency's smallest unit.
  var grossMinorUnits: Int64
  /// The price after coupons and points, in the currency's smallest unit.
  var paidMinorUnits: Int64
  var pointsEarned: Int64
  var pointsRedeemed: Int64
  /// The lines in the order of the receipt.
  var lines: [PurchaseLine]
  /// When the receipt was reversed as a whole, nil if it was not.
  var reversedAt: Date?
  /// The refunded part of `paidMinorUnits`.
  var refundedMinorUnits: Int64 = 0
  /// When the last goods were returned, nil as long as the member keeps any.
  var returnedAt: Date?
}

/// One line of a receipt, in the purchase's currency.
struct PurchaseLine: Sendable, Hashable {
  var productID: String
  var description: String
  var category: String
  var quantityThousandths: Int64
  /// The price in the currency's smallest unit.
  var amountMinorUnits: Int64
  /// The returned quantity, as far as the returns state it.
  var returnedQuantityThousandths: Int64 = 0
  /// The returned part of the price.
  var returnedMinorUnits: Int64 = 0

  /// Returns the whole line.
  mutating func returnAll() {
    returnedQuantityThousandths = quantityThousandths
    returnedMinorUnits = amountMinorUnits
  }
}

/// A return of goods of a receipt.
struct PurchaseReturn: Sendable, Hashable {
  var memberID: UUID
  var orderID: UUID
  /// The request ID of the return.
  var returnID: UUID
  /// The price of the returned goods before coupons and points, in the currency's smallest unit.
  var minorUnits: Int64
  var lines: [Line]
  var returnedAt: Date

  /// The returned part of one line.
  struct Line: Sendable, Hashable {
    /// The index of the line on the receipt, from 0.
    var line: Int32
    /// The returned quantity, 0 if the return does not state it.
    var quantityThousandths: Int64
    /// The returned part of the price.
    var minorUnits: Int64
  }
}

/// A member's total of purchases and returns.
struct PurchaseTotals: Sendable, Hashable {
  /// Receipts of which the member kept something.
  var purchaseCount: Int64
  /// Receipts that were returned as a whole.
  var returnedPurchaseCount: Int64
  /// The currency, nil for a member without receipts.
  var currencyCode: String?
  /// The gross amount of all receipts, in the currency's smallest unit.
  var paidMinorUnits: Int64
  /// The refunded amount.
  var refundedMinorUnits: Int64
  /// The net amount, paid less refunded.
  var spentMinorUnits: Int64
  /// The last purchase of which the member kept something.
  var lastPurchaseAt: Date?

  /// The totals of a member without purchases.
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
