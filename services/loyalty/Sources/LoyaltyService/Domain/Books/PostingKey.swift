import Foundation

/// What names a posting: the order, the member, the receipt, and the reservation of its coupons.
struct PostingKey: Sendable, Hashable {
  /// The request id, which becomes the order's id.
  var orderId: UUID
  var memberId: UUID
  var storeId: String
  var receiptNumber: String
  /// Nil if the order uses no coupons.
  var reservationId: UUID?
}
