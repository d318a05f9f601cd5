import Foundation

/// What taking an order back did, as it is stored.
struct ReversalRow: Sendable, Hashable {
  /// The request that reversed the order.
  var requestId: UUID
  var requestDigest: [UInt8]
  var reason: String
  /// What is paid back by other means than points.
  var refundedMinorUnits: Int64
  var pointsTaken: Int64
  var pointsReturned: Int64
  var pointsShort: Int64
  /// The member's balance after it.
  var balancePoints: Int64
  var reversedAt: Date
}
