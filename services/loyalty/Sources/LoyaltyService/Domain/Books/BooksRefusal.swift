import Foundation

/// Why the books do not take a request.
enum BooksRefusal: Error, Sendable, Hashable {
  /// Another request came under the same id; its digest.
  case requestIdReused(first: [UInt8])
  /// A member has no points account.
  case accountMissing(member: UUID)
  /// The member is suspended, and the rule does not allow so much to such members.
  case memberSuspended(member: UUID, SuspensionRule.Trade)
  /// Another order has the receipt.
  case receiptTaken(orderId: UUID)
  /// The coupons' reservation has been voided.
  case reservationVoided
  /// Another order was posted with the reservation.
  case reservationPosted(orderId: UUID?)
  /// There is no such order.
  case orderMissing
  /// Another request reversed the order.
  case orderReversed
  /// The sale that was not there has arrived meanwhile.
  case saleArrived
  /// What comes back does not fit its order.
  case misfit(OrderReturn.Misfit)
  /// The request is dated in a month that is closed: it may have been done, and its entries archived.
  case requestTooOld
  /// The order's entries were archived: it is not known any more which lots it took.
  case orderTooOld
}
