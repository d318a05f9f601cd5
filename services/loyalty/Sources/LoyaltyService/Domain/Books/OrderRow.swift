import Foundation

/// An order as it is stored, with its reversal if it was taken back.
struct OrderRow: Sendable, Hashable {
  var orderId: UUID
  var memberId: UUID
  /// What was paid for it by other means than points.
  var payable: Int64
  var pointsEarned: Int64
  var pointsRedeemed: Int64
  /// The encoded patron.loyalty.v1.Order as it was when it was posted.
  var encodedOrder: [UInt8]
  var reversal: ReversalRow?
}
