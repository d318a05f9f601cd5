import Basics
import Foundation

// Receipts, posted and reversed.
extension Books {
  mutating func post(_ request: LedgerRequest, _ draft: OrderDraft) throws -> PostedOrder {
    try refuseTaken(draft, by: request)
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let earning = earning(of: request.member)
    let posting = try OrderPosting(
      receipt: draft.receipt,
      id: request.id,
      programme: programme,
      isEarningWithheld: earning == .withheld,
      holding: account.holding,
      at: time
    )
    if earning == .refused, posting.pointsEarned > 0 {
      throw BooksRefusal.memberSuspended(member: request.member, .earning)
    }
    var changed = account
    changed.holding = posting.holding
    write(request, [(key, changed, due + posting.postings)], reference: request.id)
    let order = PostedOrder(
      draft: draft,
      requestDigest: request.digest,
      currencyCode: programme.currencyCode,
      posting: posting,
      postedAt: Date(time.now)
    )
    changes.add(order)
    orders[request.id] = order.row
    receipts[draft.key.receipt] = request.id
    if let reservation = draft.key.reservationID {
      fates[reservation] = ReservationFate(outcome: .posted, orderID: request.id)
    }
    if waiting[draft.key.receipt] != nil { applyWaiting(for: order) }
    return order
  }

  /// Refuses a posting whose id, receipt or reservation another request has.
  private func refuseTaken(_ draft: OrderDraft, by request: LedgerRequest) throws {
    if let other = orders[request.id] {
      // The entries of the same id would have been found if the order were this member's.
      if other.memberID == request.member { throw TornSnapshot() }
      throw BooksRefusal.requestIDReused(first: other.requestDigest)
    }
    if let holder = receipts[draft.key.receipt] {
      if holder == request.id { throw TornSnapshot() }
      throw BooksRefusal.receiptTaken(orderID: holder)
    }
    let fate = draft.key.reservationID.flatMap { fates[$0] }
    switch fate?.outcome {
    case nil: break
    case .voided: throw BooksRefusal.reservationVoided
    case .posted where fate?.orderID == request.id: throw TornSnapshot()
    case .posted: throw BooksRefusal.reservationPosted(orderID: fate?.orderID)
    }
  }

  mutating func reverse(_ request: LedgerRequest, _ draft: ReversalDraft) throws -> OrderRow {
    if let first = reversals[request.id] {
      if first == request.digest { throw TornSnapshot() }
      throw BooksRefusal.requestIDReused(first: first)
    }
    guard var order = orders[draft.orderID] else { throw BooksRefusal.orderMissing }
    if let reversal = order.reversal {
      if reversal.requestID == request.id { throw TornSnapshot() }
      throw BooksRefusal.orderReversed
    }
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let returned = returns[draft.orderID] ?? .none
    let reversal = try self.reversal(
      of: order,
      pointsEarned: order.pointsEarned - returned.pointsClaimed,
      pointsRedeemed: order.pointsRedeemed - returned.pointsReturned,
      account: account,
      due: due
    )
    let row = ReversalRow(
      requestID: request.id,
      requestDigest: request.digest,
      reason: draft.reason,
      refundedMinorUnits: order.payable - returned.refundedMinorUnits,
      pointsTaken: reversal.pointsTaken,
      pointsReturned: reversal.pointsReturned,
      pointsShort: reversal.pointsShort,
      balancePoints: reversal.holding.available,
      reversedAt: Date(time.now)
    )
    order.reversal = row
    var changed = account
    changed.holding = reversal.holding
    write(request, [(key, changed, due + reversal.postings)], reference: draft.orderID)
    orders[draft.orderID] = order
    reversals[request.id] = request.digest
    changes.add(row, of: order)
    return order
  }
}
