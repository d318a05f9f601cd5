import Foundation

// Goods of receipts that come back, and those that came back before their sale.
extension Books {
  mutating func takeBack(_ request: LedgerRequest, _ draft: ReturnDraft) throws -> [UInt8] {
    switch draft.sale {
    case .unknown: throw BooksRefusal.orderMissing
    case .expected(let receipt): return try keep(request, draft, for: receipt)
    case .posted(let orderId, let lines):
      guard let order = orders[orderId], order.row.memberId == request.member else { throw BooksRefusal.orderMissing }
      // The entries of the same id would have been found if it had been done when they were looked for.
      guard returns[orderId]?.returnIds.contains(request.id) != true else { throw TornSnapshot() }
      guard order.row.reversal == nil else { throw BooksRefusal.orderReversed }
      let goods: OrderReturn
      do {
        goods = try OrderReturn(draft.lines, of: lines, order, before: returns[orderId] ?? .none, isLenient: false)
      } catch { throw BooksRefusal.misfit(error) }
      let row = ReturnRow(
        returnId: request.id,
        entryRequestId: request.id,
        digest: request.digest,
        storeId: draft.storeId,
        reason: draft.reason,
        goods: goods,
        orderId: orderId,
        returnedAt: Date(time.now)
      )
      let (done, changed, postings) = try take(row, claiming: goods, of: order)
      let answer = try draft.answer(done)
      let event = try draft.announce(order, done)
      note(done, event)
      write(
        request,
        [(AccountKey(member: request.member, asset: .points), changed, postings)],
        reference: orderId,
        answer: answer
      )
      return answer
    }
  }

  /// Keeps a return until its sale arrives. The account gets a new version with it, so a sale of the same member that is
  /// being posted elsewhere at the same moment is decided again, and finds it.
  private mutating func keep(_ request: LedgerRequest, _ draft: ReturnDraft, for receipt: Receipt) throws -> [UInt8] {
    if waiting[receipt]?.contains(where: { $0.returnId == request.id }) == true { throw TornSnapshot() }
    guard receipts[receipt] == nil else { throw BooksRefusal.saleArrived }
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let answer = try draft.answer(nil)
    let kept = WaitingReturn(
      returnId: request.id,
      laterId: draft.laterId,
      digest: request.digest,
      memberId: request.member,
      receipt: receipt,
      lines: draft.lines,
      storeId: draft.storeId,
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
        guard kept.memberId == order.row.memberId else { continue }
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
      before: returns[order.row.orderId] ?? .none,
      isLenient: true
    )
    let row = ReturnRow(
      returnId: kept.returnId,
      entryRequestId: kept.laterId,
      digest: kept.digest,
      storeId: kept.storeId,
      reason: kept.reason,
      goods: goods,
      orderId: order.row.orderId,
      returnedAt: Date(time.now)
    )
    let (done, changed, postings) = try take(row, claiming: goods, of: order)
    note(done, try draft.announceReturn(order, done))
    let key = AccountKey(member: kept.memberId, asset: .points)
    write(kept.laterId, kept.digest, [(key, changed, postings)], reference: order.row.orderId)
  }

  /// What a return does to the member's points.
  private func take(
    _ row: ReturnRow,
    claiming goods: OrderReturn,
    of order: StoredOrder
  ) throws -> (ReturnRow, AccountRecord, [Posting]) {
    let (account, due) = try settled(AccountKey(member: order.row.memberId, asset: .points))
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
    let posted = requests[RequestKey(member: order.row.memberId, requestId: order.row.orderId)]
    if posted == nil, isClosed(order.row.orderId) { throw BooksRefusal.orderTooOld }
    let earned = posted?.entries.last { $0.posting.type == .earn || $0.posting.type == .pend }
    let redeemed = posted?.entries.filter { $0.posting.type == .redeem }.flatMap(\.posting.lots) ?? []
    let day = earned?.posting.lots.last?.expiresOn
    return try OrderReversal(
      pointsEarned: pointsEarned,
      pointsLeft: pointsLeft(of: order, earnedUntil: day, due: due),
      earnedUntil: day,
      orderId: order.row.orderId,
      redeemed: redeemed.last(pointsRedeemed, leavingOut: returns[order.row.orderId]?.pointsReturned ?? 0),
      holding: account.holding,
      rule: programme.returnRule,
      at: time
    )
  }

  /// Notes a return that takes effect.
  private mutating func note(_ row: ReturnRow, _ event: NewEvent) {
    returns[row.orderId, default: .none].add(row)
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
    returnId: UUID,
    entryRequestId: UUID,
    digest: [UInt8],
    storeId: String,
    reason: String,
    goods: OrderReturn,
    orderId: UUID,
    returnedAt: Date
  ) {
    self.init(
      returnId: returnId,
      entryRequestId: entryRequestId,
      orderId: orderId,
      digest: digest,
      storeId: storeId,
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
