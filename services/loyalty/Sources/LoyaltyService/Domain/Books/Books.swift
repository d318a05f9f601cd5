import Foundation
import ServiceKit

/// The part of the ledger that a batch of requests needs, as it was read, and what the batch does to it.
///
/// Requests are applied one after the other: each sees what those before it did, and one that is refused changes nothing.
/// Nothing here reads or writes: the same books and the same requests always end in the same entries.
struct Books: Sendable {
  /// The moment of the batch.
  let time: LedgerTime
  let programme: Programme

  private let firstOpenRequest: UUID?
  private var accounts: [AccountKey: AccountRecord]
  private var requests: [RequestKey: RecordedRequest]
  private var orders: [UUID: StoredOrder]
  private var receipts: [Receipt: UUID]
  private var fates: [UUID: ReservationFate]
  private var returns: [UUID: OrderReturns]
  private var waiting: [Receipt: [WaitingReturn]]
  private var reversals: [UUID: [UInt8]]

  /// What is to be written.
  private(set) var changes = BookChanges()

  /// Opens the books that were read.
  init(_ snapshot: BookSnapshot, at time: LedgerTime) {
    self.time = time
    programme = snapshot.programme
    firstOpenRequest = snapshot.firstOpenRequest
    accounts = snapshot.accounts
    requests = snapshot.requests
    orders = snapshot.orders
    receipts = snapshot.receipts
    fates = snapshot.fates
    returns = snapshot.returns
    waiting = snapshot.waiting
    reversals = snapshot.reversals
  }

  /// Does what a request asks, or answers it once more if it came before.
  mutating func apply(_ request: LedgerRequest) throws -> LedgerAnswer {
    let key = RequestKey(member: request.member, requestId: request.id)
    if let recorded = requests[key] {
      guard recorded.digest == request.digest else { throw BooksRefusal.requestIdReused(first: recorded.digest) }
      return try answerAgain(request, recorded)
    }
    if isClosed(request.id) { throw BooksRefusal.requestTooOld }
    switch request.command {
    case .open: return .account(try open(request))
    case .move(let movement): return .moved(try move(request, movement))
    case .post(let order): return .posted(try post(request, order))
    case .transfer(let transfer): return .moved(try self.transfer(request, transfer))
    case .reverse(let reversal): return .reversed(try reverse(request, reversal))
    case .takeBack(let draft): return .returned(try takeBack(request, draft))
    case .settle(let asset):
      try settle(request, asset)
      return .settled
    }
  }

  /// Whether the entries of a request may have been archived.
  private func isClosed(_ id: UUID) -> Bool { firstOpenRequest.map { id < $0 } ?? false }

  private func answerAgain(_ request: LedgerRequest, _ recorded: RecordedRequest) throws -> LedgerAnswer {
    switch request.command {
    case .open: return .account(try AccountSummary(answer: recorded.answer ?? []))
    case .move, .transfer: return .moved(recorded)
    case .settle: return .settled
    case .takeBack: return .returned(recorded.answer ?? [])
    case .post:
      guard let order = orders[request.id] else { throw BrokenInvariant("a posted order is not there") }
      return .posted(order.posted)
    case .reverse(let draft):
      guard let order = orders[draft.orderId] else { throw BrokenInvariant("a reversed order is not there") }
      return .reversed(order.row)
    }
  }
}

// MARK: - What can be asked

extension Books {
  private mutating func open(_ request: LedgerRequest) throws -> AccountSummary {
    let key = AccountKey(member: request.member, asset: .points)
    var account = accounts[key] ?? .new(at: time.now)
    let postings = account.holding.settle(at: time)
    let summary = AccountSummary(account)
    write(request, [(key, account, postings)], answer: summary.answer)
    return summary
  }

  private mutating func move(_ request: LedgerRequest, _ movement: Movement) throws -> RecordedRequest {
    let key = AccountKey(member: request.member, asset: movement.asset)
    var (account, postings) = try settled(key)
    postings += try movement.operation.apply(to: &account.holding, id: request.id, at: time)
    if let adjustment = movement.adjustment, let posting = postings.last {
      changes.adjustments.append(
        NewAdjustment(
          requestId: request.id,
          member: request.member,
          asset: movement.asset,
          amount: posting.to.isMembers ? posting.amount : -posting.amount,
          adjustment: adjustment,
          recordedAt: Date(time.now)
        )
      )
    }
    return write(request, [(key, account, postings)])
  }

  private mutating func transfer(_ request: LedgerRequest, _ transfer: Transfer) throws -> RecordedRequest {
    // Both members' entries have the request's id, so it must be new to both.
    if let other = requests[RequestKey(member: transfer.to, requestId: request.id)] {
      if other.digest == request.digest { throw TornSnapshot() }
      throw BooksRefusal.requestIdReused(first: other.digest)
    }
    let from = AccountKey(member: request.member, asset: transfer.asset)
    let to = AccountKey(member: transfer.to, asset: transfer.asset)
    var (giver, given) = try settled(from)
    var (receiver, received) = try settled(to)
    let amount = transfer.amount ?? giver.holding.available
    guard amount > 0 else { throw LedgerRefusal.insufficient(available: giver.holding.available, needed: 1) }
    let out = try giver.holding.spend(amount, to: .transfer, type: .transferOut)
    given += out
    received += try receiver.holding.receive(out[0].lots)
    let recorded = write(request, [(from, giver, given)])
    write(request.id, request.digest, [(to, receiver, received)])
    return recorded
  }

  private mutating func settle(_ request: LedgerRequest, _ asset: AssetID) throws {
    let key = AccountKey(member: request.member, asset: asset)
    let (account, postings) = try settled(key)
    if !postings.isEmpty { write(request, [(key, account, postings)]) }
  }

  private mutating func post(_ request: LedgerRequest, _ draft: OrderDraft) throws -> PostedOrder {
    if let other = orders[request.id] {
      // The entries of the same id would have been found if the order were this member's.
      if other.row.memberId == request.member { throw TornSnapshot() }
      throw BooksRefusal.requestIdReused(first: other.posted.requestDigest)
    }
    let receipt = Receipt(storeId: draft.key.storeId, receiptNumber: draft.key.receiptNumber)
    if let holder = receipts[receipt] {
      if holder == request.id { throw TornSnapshot() }
      throw BooksRefusal.receiptTaken(orderId: holder)
    }
    try refuse(draft.key.reservationId.flatMap { fates[$0] }, of: request)
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let posting = try OrderPosting(
      receipt: draft.receipt,
      id: request.id,
      programme: programme,
      holding: account.holding,
      at: time
    )
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
        orderId: request.id,
        memberId: request.member,
        pointsEarned: posting.pointsEarned,
        pointsRedeemed: posting.pointsRedeemed,
        encodedOrder: record.encodedOrder
      ),
      posted: posted
    )
    orders[request.id] = order
    receipts[receipt] = request.id
    if let reservation = draft.key.reservationId {
      fates[reservation] = ReservationFate(outcome: .posted, orderId: request.id)
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
    case .posted where fate?.orderId == request.id: throw TornSnapshot()
    case .posted: throw BooksRefusal.reservationPosted(orderId: fate?.orderId)
    }
  }

  private mutating func reverse(_ request: LedgerRequest, _ draft: ReversalDraft) throws -> OrderRow {
    if let first = reversals[request.id] {
      if first == request.digest { throw TornSnapshot() }
      throw BooksRefusal.requestIdReused(first: first)
    }
    guard var order = orders[draft.orderId] else { throw BooksRefusal.orderMissing }
    if let reversal = order.row.reversal {
      if reversal.requestId == request.id { throw TornSnapshot() }
      throw BooksRefusal.orderReversed
    }
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let returned = returns[draft.orderId] ?? .none
    let reversal = try self.reversal(
      of: order,
      pointsEarned: order.row.pointsEarned - returned.pointsClaimed,
      pointsRedeemed: order.row.pointsRedeemed - returned.pointsReturned,
      holding: account.holding
    )
    let row = ReversalRow(
      requestId: request.id,
      requestDigest: request.digest,
      reason: draft.reason,
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
    write(request, [(key, changed, due + reversal.postings)], reference: draft.orderId)
    orders[draft.orderId] = order
    reversals[request.id] = request.digest
    changes.reversals.append(NewReversal(orderId: draft.orderId, row: row))
    changes.events.append(event)
    return order.row
  }
}

// MARK: - Returns

extension Books {
  private mutating func takeBack(_ request: LedgerRequest, _ draft: ReturnDraft) throws -> [UInt8] {
    switch draft.sale {
    case .unknown: throw BooksRefusal.orderMissing
    case .expected(let receipt): return try keep(request, draft, for: receipt)
    case .posted(let orderId, let costs):
      guard let order = orders[orderId], order.row.memberId == request.member else { throw BooksRefusal.orderMissing }
      // The entries of the same id would have been found if it had been done when they were looked for.
      guard returns[orderId]?.returnIds.contains(request.id) != true else { throw TornSnapshot() }
      guard order.row.reversal == nil else { throw BooksRefusal.orderReversed }
      let goods: OrderReturn
      do {
        goods = try OrderReturn(draft.lines, of: costs, order, before: returns[orderId] ?? .none, isLenient: false)
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
  private mutating func applyWaiting(for receipt: Receipt, of order: StoredOrder, _ draft: OrderDraft) {
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
      of: draft.receipt.lines.map(\.minorUnits),
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
      holding: account.holding
    )
    var (done, changed) = (row, account)
    done.pointsTaken = reversal.pointsTaken
    done.pointsReturned = reversal.pointsReturned
    done.pointsShort = reversal.pointsShort
    done.balancePoints = reversal.holding.available
    changed.holding = reversal.holding
    return (done, changed, due + reversal.postings)
  }

  /// Takes so much of what an order earned, and gives so much back of what it redeemed: of its lots those that expire last,
  /// as if the order had redeemed less.
  private func reversal(
    of order: StoredOrder,
    pointsEarned: Int64,
    pointsRedeemed: Int64,
    holding: Holding
  ) throws -> OrderReversal {
    let posted = requests[RequestKey(member: order.row.memberId, requestId: order.row.orderId)]
    if posted == nil, isClosed(order.row.orderId) { throw BooksRefusal.orderTooOld }
    let earned = posted?.entries.last { $0.posting.type == .earn || $0.posting.type == .pend }
    let redeemed = posted?.entries.filter { $0.posting.type == .redeem }.flatMap(\.posting.lots) ?? []
    return try OrderReversal(
      pointsEarned: pointsEarned,
      earnedUntil: earned?.posting.lots.last?.expiresOn,
      orderId: order.row.orderId,
      redeemed: redeemed.last(pointsRedeemed, leavingOut: returns[order.row.orderId]?.pointsReturned ?? 0),
      holding: holding,
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
    of costs: [Int64],
    _ order: StoredOrder,
    before returns: OrderReturns,
    isLenient: Bool
  ) throws(Misfit) {
    try self.init(
      lines,
      of: costs,
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
      pointsTaken: 0,
      pointsReturned: 0,
      pointsShort: 0,
      balancePoints: 0,
      returnedAt: returnedAt
    )
  }
}

// MARK: - Writing

extension Books {
  /// An answer with its entries' places in their lane, once it is known what the batch's are counted from.
  func numbered(_ answer: LedgerAnswer, of request: LedgerRequest, bases: [Int64]) -> LedgerAnswer {
    guard case .moved(var recorded) = answer, changes.contains(request) else { return answer }
    let base = bases[Int(Lane(member: request.member).number)]
    for index in recorded.entries.indices { recorded.entries[index].sequence += base }
    return .moved(recorded)
  }

  /// An account with what was due done; its postings come before all others.
  private func settled(_ key: AccountKey) throws -> (AccountRecord, [Posting]) {
    guard var account = accounts[key] else {
      guard key.asset != .points, accounts[AccountKey(member: key.member, asset: .points)] != nil else {
        throw BooksRefusal.accountMissing(member: key.member)
      }
      return (.new(at: time.now), [])
    }
    let postings = account.holding.settle(at: time)
    return (account, postings)
  }

  /// Enters what a request did. A request that moved nothing leaves an entry of amount 0: the register of request ids.
  @discardableResult
  private mutating func write(
    _ request: LedgerRequest,
    _ movements: [(key: AccountKey, account: AccountRecord, postings: [Posting])],
    reference: UUID? = nil,
    answer: [UInt8]? = nil
  ) -> RecordedRequest {
    write(request.id, request.digest, movements, reference: reference, answer: answer)
  }

  /// Enters what a request did to one member's accounts; at least one.
  @discardableResult
  private mutating func write(
    _ id: UUID,
    _ digest: [UInt8],
    _ movements: [(key: AccountKey, account: AccountRecord, postings: [Posting])],
    reference: UUID? = nil,
    answer: [UInt8]? = nil
  ) -> RecordedRequest {
    let member = movements[0].key.member
    let lane = Lane(member: member)
    var recorded = RecordedRequest(digest: digest, entries: [], answer: answer)
    for (key, account, postings) in movements {
      var account = account
      account.updatedAt = time.now
      account.latestRequest = max(account.latestRequest, id.high)
      accounts[key] = account
      changes.touch(key, account)
      for posting in postings.isEmpty ? [.nothing(available: account.holding.available)] : postings {
        let sequence = changes.nextSequence(in: lane)
        recorded.entries.append(.init(asset: key.asset, posting: posting, sequence: sequence))
      }
    }
    requests[RequestKey(member: member, requestId: id)] = recorded
    changes.add(NewRequest(id: id, member: member, reference: reference, recorded: recorded))
    return recorded
  }
}
