import Basics
import Foundation

// Goods of receipts that come back, and those that came back before their sale.
extension Books {
  mutating func postReturn(_ request: LedgerRequest, _ draft: ReturnDraft) throws -> RecordedAnswer {
    switch draft.sale {
    case .unknown: throw BooksRefusal.orderMissing
    case .expected(let receipt): return try store(request, draft, until: receipt)
    case .posted(let orderID, let lines):
      guard let order = orders[orderID], order.memberID == request.member else { throw BooksRefusal.orderMissing }
      // The entries of the same id would have been found if it had been done when they were read.
      guard returns[orderID]?.returnIDs.contains(request.id) != true else { throw TornSnapshot() }
      guard order.reversal == nil else { throw BooksRefusal.orderReversed }
      let goods: OrderReturn
      do {
        goods = try OrderReturn(draft.lines, of: lines, order, before: returns[orderID] ?? .none, isLenient: false)
      } catch { throw BooksRefusal.misfit(error) }
      let row = ReturnRow(
        returnID: request.id,
        entryRequestID: request.id,
        digest: request.digest,
        storeID: draft.storeID,
        reason: draft.reason,
        goods: goods,
        orderID: orderID,
        returnedAt: Date(time.now)
      )
      let (returned, changed, postings) = try decide(row, claiming: goods, of: order)
      record(returned, of: order)
      let answer = RecordedAnswer.returned(order, returned)
      write(
        request,
        [(AccountKey(member: request.member, asset: .points), changed, postings)],
        reference: orderID,
        answer: answer
      )
      return answer
    }
  }

  /// Stores a return until its sale arrives. The account gets a new version with it, so a sale of the same member that is
  /// being posted elsewhere at the same moment is decided again, and finds it.
  private mutating func store(
    _ request: LedgerRequest,
    _ draft: ReturnDraft,
    until receipt: Receipt
  ) throws -> RecordedAnswer {
    if waiting[receipt]?.contains(where: { $0.returnID == request.id }) == true { throw TornSnapshot() }
    guard receipts[receipt] == nil else { throw BooksRefusal.saleArrived }
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let stored = WaitingReturn(
      returnID: request.id,
      laterID: draft.laterID,
      digest: request.digest,
      memberID: request.member,
      receipt: receipt,
      lines: draft.lines,
      storeID: draft.storeID,
      reason: draft.reason
    )
    waiting[receipt, default: []].append(stored)
    changes.add(NewWaitingReturn(waiting: stored, recordedAt: Date(time.now)))
    write(request, [(key, account, due)], answer: .waits)
    return .waits
  }

  /// Applies the returns that came before their sale. What does not fit the receipt is left out: the goods are back. The
  /// sale counts whatever becomes of them, so one that cannot be applied goes on waiting.
  mutating func applyWaiting(for order: PostedOrder) {
    guard let stored = waiting.removeValue(forKey: order.draft.key.receipt) else { return }
    let (row, lines) = (order.row, order.draft.receipt.soldLines)
    for waiting in stored where waiting.memberID == row.memberID {
      do {
        try apply(waiting, to: row, lines)
      } catch {
        continue
      }
    }
  }

  private mutating func apply(_ waiting: WaitingReturn, to order: OrderRow, _ lines: [SoldLine]) throws {
    let before = returns[order.orderID] ?? .none
    let goods = try OrderReturn(waiting.lines, of: lines, order, before: before, isLenient: true)
    let row = ReturnRow(
      returnID: waiting.returnID,
      entryRequestID: waiting.laterID,
      digest: waiting.digest,
      storeID: waiting.storeID,
      reason: waiting.reason,
      goods: goods,
      orderID: order.orderID,
      returnedAt: Date(time.now)
    )
    let (returned, changed, postings) = try decide(row, claiming: goods, of: order)
    record(returned, of: order)
    let key = AccountKey(member: waiting.memberID, asset: .points)
    write(waiting.laterID, waiting.digest, [(key, changed, postings)], reference: order.orderID)
  }

  /// Decides what a return does to the member's points.
  private func decide(
    _ row: ReturnRow,
    claiming goods: OrderReturn,
    of order: OrderRow
  ) throws -> (ReturnRow, AccountRecord, [Posting]) {
    let (account, due) = try settled(AccountKey(member: order.memberID, asset: .points))
    let reversal = try self.reversal(
      of: order,
      pointsEarned: goods.pointsClaimed,
      pointsRedeemed: goods.pointsReturned,
      account: account,
      due: due
    )
    var (returned, changed) = (row, account)
    returned.pointsTaken = reversal.pointsTaken
    returned.pointsReturned = reversal.pointsReturned
    returned.pointsShort = reversal.pointsShort
    returned.balancePoints = reversal.holding.available
    changed.holding = reversal.holding
    return (returned, changed, due + reversal.postings)
  }

  /// Decides how much is taken of what an order earned, as far as it is not gone, and how much is given back of what it
  /// redeemed: of its lots those that expire last, as if the order had redeemed less.
  ///
  /// - Parameters:
  ///   - pointsEarned: The points to take.
  ///   - pointsRedeemed: The points to give back.
  ///   - due: What was due of the account, which is done, and is not entered yet.
  func reversal(
    of order: OrderRow,
    pointsEarned: Int64,
    pointsRedeemed: Int64,
    account: AccountRecord,
    due: [Posting]
  ) throws -> OrderReversal {
    let posted = requests[RequestKey(member: order.memberID, requestID: order.orderID)]
    if posted == nil, isClosed(order.orderID) { throw BooksRefusal.orderTooOld }
    let earned = posted?.entries.last { $0.posting.type == .earn || $0.posting.type == .pend }
    let redeemed = posted?.entries.filter { $0.posting.type == .redeem }.flatMap(\.posting.lots) ?? []
    let day = earned?.posting.lots.last?.expiresOn
    return try OrderReversal(
      pointsEarned: pointsEarned,
      pointsLeft: pointsLeft(of: order, earnedUntil: day, due: due),
      earnedUntil: day,
      orderID: order.orderID,
      redeemed: redeemed.last(pointsRedeemed, leavingOut: returns[order.orderID]?.pointsReturned ?? 0),
      holding: account.holding,
      rule: programme.returnRule,
      at: time
    )
  }

  /// Records a return that takes effect.
  private mutating func record(_ row: ReturnRow, of order: OrderRow) {
    returns[row.orderID, default: .none].add(row)
    changes.add(row, of: order)
  }
}

extension OrderReturn {
  /// Decides what comes back of an order.
  fileprivate init(
    _ lines: [ReturnedLine],
    of sold: [SoldLine],
    _ order: OrderRow,
    before returns: OrderReturns,
    isLenient: Bool
  ) throws(Misfit) {
    try self.init(
      lines,
      of: sold,
      payable: order.payable,
      pointsEarned: order.pointsEarned,
      pointsRedeemed: order.pointsRedeemed,
      before: returns,
      isLenient: isLenient
    )
  }
}

extension ReturnRow {
  /// A return of goods before it is known what it does to the member's points.
  fileprivate init(
    returnID: UUID,
    entryRequestID: UUID,
    digest: [UInt8],
    storeID: String,
    reason: String,
    goods: OrderReturn,
    orderID: UUID,
    returnedAt: Date
  ) {
    self.init(
      returnID: returnID,
      entryRequestID: entryRequestID,
      orderID: orderID,
      digest: digest,
      storeID: storeID,
      reason: reason,
      lines: goods.lines,
      minorUnits: goods.minorUnits,
      refundedMinorUnits: goods.refundedMinorUnits,
      leftMinorUnits: goods.leftMinorUnits,
      pointsTaken: 0,
      pointsReturned: 0,
      pointsShort: 0,
      balancePoints: 0,
      returnedAt: returnedAt
    )
  }
}
