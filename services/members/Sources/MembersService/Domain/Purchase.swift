import Foundation

/// One receipt in a member's history: as it was sold, and what came back of it.
struct Purchase: Sendable, Hashable {
  /// Together with `orderId` the key: a member's purchases are kept together.
  var memberId: UUID
  /// The request id under which the till posted the order.
  var orderId: UUID
  var storeId: String
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
