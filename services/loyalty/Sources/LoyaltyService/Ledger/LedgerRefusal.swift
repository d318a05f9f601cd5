import Foundation
import ServiceKit

/// Why a holding does not allow an operation. Carries how far off it was, so that a till can show it.
enum LedgerRefusal: Error, Sendable, Hashable {
  /// The member can spend less than is needed.
  case insufficient(available: Int64, needed: Int64)
  /// The member can spend the amount, and less of it can be paid out: the rest is bonus.
  case bonusNotRefundable(refundable: Int64, needed: Int64)
  /// A sum does not fit into 64 bits.
  case tooLarge
  /// There is no such hold: it was captured, released, or ran out.
  case holdNotFound
  /// There is such a hold already.
  case holdExists
  /// The hold has less than is to be captured.
  case holdTooSmall(held: Int64, asked: Int64)
  /// The member has as many holds as are allowed.
  case tooManyHolds(allowed: Int)
  /// There is no such pending lot: it was activated, cancelled, or taken back.
  case pendingNotFound
  /// There is such a pending lot already.
  case pendingExists
  /// The member has as many pending lots as are allowed.
  case tooManyPending(allowed: Int)
  /// More is to be given back than was ever spent.
  case moreThanSpent(spent: Int64, asked: Int64)
}

/// Why the ledger's rules do not allow a posting. Carries how far off it was, so that a till can show it.
enum PostingRefusal: Error, Sendable, Hashable {
  /// An amount of the receipt is in another currency than the programme.
  case currencyMismatch(field: String, programme: String, given: String)
  /// The coupons take off more than the lines add up to.
  case couponsExceedGross(gross: Int64, coupons: Int64)
  /// The points to redeem are not a multiple of what the redeem rule says.
  case pointsNotMultiple(redeemed: Int64, multiple: Int64)
  /// The points are worth more than is left to pay after coupons.
  case pointsExceedPayable(worth: Int64, payable: Int64)
  /// A sum does not fit into 64 bits.
  case tooLarge(Quantity)

  /// The sums that can grow too large.
  enum Quantity: String, Sendable, Hashable {
    case gross
    case couponDiscounts
    case pointsDiscount
    case pointsEarned
  }
}

/// Why the books refuse a request.
enum BooksRefusal: Error, Sendable, Hashable {
  /// Another request came under the same id; its digest.
  case requestIDReused(first: [UInt8])
  /// A member has no points account.
  case accountMissing(member: UUID)
  /// The member is suspended, and the rule does not allow such members the trade.
  case memberSuspended(member: UUID, SuspensionRule.Trade)
  /// Another order has the receipt.
  case receiptTaken(orderID: UUID)
  /// The coupons' reservation has been voided.
  case reservationVoided
  /// Another order was posted with the reservation.
  case reservationPosted(orderID: UUID?)
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

/// Something that the ledger's own rules make impossible was found. Callers learn only that the call failed.
struct BrokenInvariant: LoggableError {
  /// What was found; no values from the ledger.
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
