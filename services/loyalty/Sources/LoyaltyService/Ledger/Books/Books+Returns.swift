import Basics
import Foundation

// Goods of receipts that come back, and those that came back before their sale.
extension Books {
  mutating func takeBack(_ request: LedgerRequest, _ draft: ReturnDraft) throws -> [UInt8] {
    switch draft.sale {
    case .unknown: throw BooksRefusal.orderMissing
    case .expected(let receipt): return try keep(request, draft, for: receipt)
    case .posted(let orderID, let lines):
      guard let order = orders[orderID], order.row.memberID == request.member else { throw BooksRefusal.orderMissing }
      // The entries of the same id would have been found if it had been done when they were looked for.
      guard returns[orderID]?.returnIDs.contains(request.id) != true else { throw TornSnapshot() }
      guard order.row.reversal == nil else { throw BooksRefusal.orderReversed }
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
      let (done, changed, postings) = try take(row, claiming: goods, of: order)
      let answer = try draft.answer(done)
      let event = try draft.announce(order, done)
      note(done, event)
      write(
        request,
        [(AccountKey(member: request.member, asset: .points), changed, postings)],
        reference: orderID,
        answer: answer
      )
      return answer
    }
  }

  /// Keeps a return until its sale arrives. The account gets a new version with it, so a sale of the same member that is
  /// being posted elsewhere at the same moment is decided again, and finds it.
  private mutating func keep(_ request: LedgerRequest, _ draft: ReturnDraft, for receipt: Receipt) throws -> [UInt8] {
    if waiting[receipt]?.contains(where: { $0.returnID == request.id }) == true { throw TornSnapshot() }
    guard receipts[receipt] == nil else { throw BooksRefusal.saleArrived }
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let answer = try draft.answer(nil)
    let kept = WaitingReturn(
      returnID: request.id,
      laterID: draft.laterID,
      digest: request.digest,
      memberID: request.member,
      receipt: receipt,
      lines: draft.lines,
      storeID: draft.storeID,
      reason: draft.reason
    )
    waiting[receipt, default: []].append(kept)
    changes.waitingReturns.append(NewWaitingReturn(waiting: kept, recordedAt: Date(time.now)))
    write(request, [(key, account, due)], answer: answer)
    return answer
  }

  /// Applies the returns that came before their sale. What does not fit the receipt is left out: the goods are back. The
  /// sale counts whatever becomes of them, so one that cannot be applied goes on waiting.
  mutating func applyWaiting(for receipt: Receipt, of order: StoredOrder, _ draft: OrderDraft) {
    for kept in waiting.removeValue(forKey: receipt) ?? [] {
      do {
        guard kept.memberID == order.row.memberID else { continue }
        try apply(kept, to: order, draft)
      } catch {
        continue
      }
    }
  }

  private mutating func apply(_ kept: WaitingReturn, to order: StoredOrder, _ draft: OrderDraft) throws {
    let goods = try OrderReturn(
      kept.lines,
      of: draft.lines(),
      order,
      before: returns[order.row.orderID] ?? .none,
      isLenient: true
    )
    let row = ReturnRow(
      returnID: kept.returnID,
      entryRequestID: kept.laterID,
      digest: kept.digest,
      storeID: kept.storeID,
      reason: kept.reason,
      goods: goods,
      orderID: order.row.orderID,
      returnedAt: Date(time.now)
    )
    let (done, changed, postings) = try take(row, claiming: goods, of: order)
    note(done, try draft.announceReturn(order, done))
    let key = AccountKey(member: kept.memberID, asset: .points)
    write(kept.laterID, kept.digest, [(key, changed, postings)], reference: order.row.orderID)
  }

  /// What a return does to the member's points.
  private func take(
    _ row: ReturnRow,
    claiming goods: OrderReturn,
    of order: StoredOrder
  ) throws -> (ReturnRow, AccountRecord, [Posting]) {
    let (account, due) = try settled(AccountKey(member: order.row.memberID, asset: .points))
    let reversal = try self.reversal(
      of: order,
      pointsEarned: goods.pointsClaimed,
      pointsRedeemed: goods.pointsReturned,
      account: account,
      due: due
    )
    var (done, changed) = (row, account)
    done.pointsTaken = reversal.pointsTaken
    done.pointsReturned = reversal.pointsReturned
    done.pointsShort = reversal.pointsShort
    done.balancePoints = reversal.holding.available
    changed.holding = reversal.holding
    return (done, changed, due + reversal.postings)
  }

  /// Takes so much of what an order earned, as far as it is not gone, and gives so much back of what it redeemed: of its lots
  /// those that expire last, as if the order had redeemed less.
  ///
  /// - Parameter due: What was due of the account, which is done, and is not entered yet.
  func reversal(
    of order: StoredOrder,
    pointsEarned: Int64,
    pointsRedeemed: Int64,
    account: AccountRecord,
    due: [Posting]
  ) throws -> OrderReversal {
    let posted = requests[RequestKey(member: order.row.memberID, requestID: order.row.orderID)]
    if posted == nil, isClosed(order.row.orderID) { throw BooksRefusal.orderTooOld }
    let earned = posted?.entries.last { $0.posting.type == .earn || $0.posting.type == .pend }
    let redeemed = posted?.entries.filter { $0.posting.type == .redeem }.flatMap(\.posting.lots) ?? []
    let day = earned?.posting.lots.last?.expiresOn
    return try OrderReversal(
      pointsEarned: pointsEarned,
      pointsLeft: pointsLeft(of: order, earnedUntil: day, due: due),
      earnedUntil: day,
      orderID: order.row.orderID,
      redeemed: redeemed.last(pointsRedeemed, leavingOut: returns[order.row.orderID]?.pointsReturned ?? 0),
      holding: account.holding,
      rule: programme.returnRule,
      at: time
    )
  }

  /// Notes a return that takes effect.
  private mutating func note(_ row: ReturnRow, _ event: NewEvent) {
    returns[row.orderID, default: .none].add(row)
    changes.returns.append(row)
    changes.events.append(event)
  }
}

extension OrderReturn {
  /// Decides what comes back of an order.
  fileprivate init(
    _ lines: [ReturnedLine],
    of sold: [SoldLine],
    _ order: StoredOrder,
    before returns: OrderReturns,
    isLenient: Bool
  ) throws(Misfit) {
    try self.init(
      lines,
      of: sold,
      payable: order.row.payable,
      pointsEarned: order.row.pointsEarned,
      pointsRedeemed: order.row.pointsRedeemed,
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
