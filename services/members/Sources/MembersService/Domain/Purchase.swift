import Foundation

/// One receipt in a member's history: as it was sold, and what came back of it.
struct Purchase: Sendable, Hashable {
  /// Together with `orderID` the key: a member's purchases are kept together.
  var memberID: UUID
  /// The request id under which the till posted the order.
  var orderID: UUID
  var storeID: String
  var receiptNumber: String
  var purchasedAt: Date
  var currencyCode: String
  /// What the lines cost together, before coupons and points, in the currency's smallest unit.
  var grossMinorUnits: Int64
  /// After coupons and points, in the currency's smallest unit.
  var paidMinorUnits: Int64
  var pointsEarned: Int64
  var pointsRedeemed: Int64
  /// In the order of the receipt.
  var lines: [PurchaseLine]
  /// When the receipt was taken back as a whole, if it was.
  var reversedAt: Date?
  /// What came back of `paidMinorUnits`.
  var refundedMinorUnits: Int64 = 0
  /// When the last of it came back; nil as long as the member keeps something.
  var returnedAt: Date?
}

/// One line of a receipt, in the purchase's currency.
struct PurchaseLine: Sendable, Hashable {
  var productID: String
  var description: String
  var category: String
  var quantityThousandths: Int64
  /// In the currency's smallest unit.
  var amountMinorUnits: Int64
  /// How much of the quantity came back, as far as the returns said it.
  var returnedQuantityThousandths: Int64 = 0
  /// How much of the amount came back.
  var returnedMinorUnits: Int64 = 0

  /// Takes all of it back.
  mutating func returnAll() {
    returnedQuantityThousandths = quantityThousandths
    returnedMinorUnits = amountMinorUnits
  }
}

/// Goods of a receipt that came back.
struct PurchaseReturn: Sendable, Hashable {
  var memberID: UUID
  var orderID: UUID
  /// The request id under which they were taken back.
  var returnID: UUID
  /// What its lines had cost together, before coupons and points, in the currency's smallest unit.
  var minorUnits: Int64
  var lines: [Line]
  var returnedAt: Date

  /// What came back of one line.
  struct Line: Sendable, Hashable {
    /// Which line of the receipt, counted from 0.
    var line: Int32
    /// How much of its quantity; 0 if the return did not say it.
    var quantityThousandths: Int64
    /// How much of what it had cost.
    var minorUnits: Int64
  }
}

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
