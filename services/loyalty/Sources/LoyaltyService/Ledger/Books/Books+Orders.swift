import Basics
import Foundation

// Receipts, posted and taken back as a whole.
extension Books {
  mutating func post(_ request: LedgerRequest, _ draft: OrderDraft) throws -> PostedOrder {
    if let other = orders[request.id] {
      // The entries of the same id would have been found if the order were this member's.
      if other.row.memberID == request.member { throw TornSnapshot() }
      throw BooksRefusal.requestIDReused(first: other.posted.requestDigest)
    }
    let receipt = Receipt(storeID: draft.key.storeID, receiptNumber: draft.key.receiptNumber)
    if let holder = receipts[receipt] {
      if holder == request.id { throw TornSnapshot() }
      throw BooksRefusal.receiptTaken(orderID: holder)
    }
    try refuse(draft.key.reservationID.flatMap { fates[$0] }, of: request)
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
    let postedAt = Date(time.now)
    let record = try draft.record(posting, programme, postedAt)
    let posted = PostedOrder(
      requestDigest: request.digest,
      encodedOrder: record.encodedOrder,
      balancePoints: posting.holding.available
    )
    var changed = account
    changed.holding = posting.holding
    write(request, [(key, changed, due + posting.postings)], reference: request.id)

    let order = StoredOrder(
      row: OrderRow(
        orderID: request.id,
        memberID: request.member,
        payable: posting.amounts.payable,
        pointsEarned: posting.pointsEarned,
        pointsRedeemed: posting.pointsRedeemed,
        encodedOrder: record.encodedOrder
      ),
      posted: posted
    )
    orders[request.id] = order
    receipts[receipt] = request.id
    if let reservation = draft.key.reservationID {
      fates[reservation] = ReservationFate(outcome: .posted, orderID: request.id)
    }
    changes.orders.append(
      NewOrder(
        key: draft.key,
        occurredAt: draft.occurredAt,
        postedAt: postedAt,
        posting: posting,
        posted: posted
      )
    )
    changes.events.append(record.event)
    applyWaiting(for: receipt, of: order, draft)
    return posted
  }

  private func refuse(_ fate: ReservationFate?, of request: LedgerRequest) throws {
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
    if let reversal = order.row.reversal {
      if reversal.requestID == request.id { throw TornSnapshot() }
      throw BooksRefusal.orderReversed
    }
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let returned = returns[draft.orderID] ?? .none
    let reversal = try self.reversal(
      of: order,
      pointsEarned: order.row.pointsEarned - returned.pointsClaimed,
      pointsRedeemed: order.row.pointsRedeemed - returned.pointsReturned,
      account: account,
      due: due
    )
    let row = ReversalRow(
      requestID: request.id,
      requestDigest: request.digest,
      reason: draft.reason,
      refundedMinorUnits: order.row.payable - returned.refundedMinorUnits,
      pointsTaken: reversal.pointsTaken,
      pointsReturned: reversal.pointsReturned,
      pointsShort: reversal.pointsShort,
      balancePoints: reversal.holding.available,
      reversedAt: Date(time.now)
    )
    order.row.reversal = row
    let event = try draft.record(order.row, row)
    var changed = account
    changed.holding = reversal.holding
    write(request, [(key, changed, due + reversal.postings)], reference: draft.orderID)
    orders[draft.orderID] = order
    reversals[request.id] = request.digest
    changes.reversals.append(NewReversal(orderID: draft.orderID, row: row))
    changes.events.append(event)
    return order.row
  }
}
