import Foundation

/// One receipt in a member's history.
struct Purchase: Sendable, Hashable {
  /// Together with `orderId` the key: a member's purchases are kept together.
  var memberId: UUID
  /// The request id under which the till posted the order.
  var orderId: UUID
  var storeId: String
  var receiptNumber: String
  var purchasedAt: Date
  var currencyCode: String
  /// After coupons and points, in the currency's smallest unit.
  var paidMinorUnits: Int64
  var pointsEarned: Int64
  var pointsRedeemed: Int64
  /// In the order of the receipt.
  var lines: [PurchaseLine]
  /// When the receipt was refunded, if it was.
  var reversedAt: Date?
}

/// One line of a receipt, in the purchase's currency.
struct PurchaseLine: Sendable, Hashable {
  var productId: String
  var description: String
  var category: String
  var quantityThousandths: Int64
  /// In the currency's smallest unit.
  var amountMinorUnits: Int64
}
