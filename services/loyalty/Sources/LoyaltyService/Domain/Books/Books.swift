import Foundation

/// The part of the ledger that a batch of requests needs, as it was read, and what the batch does to it.
///
/// Requests are applied one after the other: each sees what those before it did, and one that is refused changes nothing.
/// Nothing here reads or writes: the same books and the same requests always end in the same entries.
struct Books: Sendable {
  /// The moment of the batch.
  let time: LedgerTime
  let programme: Programme

  private var accounts: [AccountKey: AccountRecord]
  private var requests: [RequestKey: RecordedRequest]
  private var orders: [UUID: StoredOrder]
  private var receipts: [Receipt: UUID]
  private var fates: [UUID: ReservationFate]
  private var reversals: [UUID: [UInt8]]

  /// What is to be written.
  private(set) var changes = BookChanges()

  /// Opens the books that were read.
  init(_ snapshot: BookSnapshot, at time: LedgerTime) {
    self.time = time
    programme = snapshot.programme
    accounts = snapshot.accounts
    requests = snapshot.requests
    orders = snapshot.orders
    receipts = snapshot.receipts
    fates = snapshot.fates
    reversals = snapshot.reversals
  }

  /// Does what a request asks, or answers it once more if it came before.
  mutating func apply(_ request: LedgerRequest) throws -> LedgerAnswer {
    let key = RequestKey(member: request.member, requestId: request.id)
    if let recorded = requests[key] {
      guard recorded.digest == request.digest else { throw BooksRefusal.requestIdReused(first: recorded.digest) }
      return try answerAgain(request, recorded)
    }
    switch request.command {
    case .open: return .account(try open(request))
    case .move(let movement): return .moved(try move(request, movement))
    case .post(let order): return .posted(try post(request, order))
    case .reverse(let reversal): return .reversed(try reverse(request, reversal))
    }
  }

  private func answerAgain(_ request: LedgerRequest, _ recorded: RecordedRequest) throws -> LedgerAnswer {
    switch request.command {
    case .open: return .account(try AccountSummary(answer: recorded.answer ?? []))
    case .move: return .moved(recorded)
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
    switch movement.direction {
    case .credit(let day):
      postings += try account.holding.earn(movement.amount, expiresOn: day, from: .issued)
    case .debit:
      postings += try account.holding.spend(movement.amount, to: .redeemed)
    }
    return write(request, [(key, account, postings)])
  }

  private mutating func post(_ request: LedgerRequest, _ draft: OrderDraft) throws -> PostedOrder {
    // The entries of the same id would have been found if the order were this member's.
    if let other = orders[request.id] { throw BooksRefusal.requestIdReused(first: other.posted.requestDigest) }
    let receipt = Receipt(storeId: draft.key.storeId, receiptNumber: draft.key.receiptNumber)
    if let holder = receipts[receipt] { throw BooksRefusal.receiptTaken(orderId: holder) }
    try refuse(draft.key.reservationId.flatMap { fates[$0] })
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let posting = try OrderPosting(receipt: draft.receipt, programme: programme, holding: account.holding)
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
    return posted
  }

  private func refuse(_ fate: ReservationFate?) throws {
    switch fate?.outcome {
    case nil: break
    case .voided: throw BooksRefusal.reservationVoided
    case .posted: throw BooksRefusal.reservationPosted(orderId: fate?.orderId)
    }
  }

  private mutating func reverse(_ request: LedgerRequest, _ draft: ReversalDraft) throws -> OrderRow {
    if let first = reversals[request.id] { throw BooksRefusal.requestIdReused(first: first) }
    guard var order = orders[draft.orderId] else { throw BooksRefusal.orderMissing }
    guard order.row.reversal == nil else { throw BooksRefusal.orderReversed }
    let key = AccountKey(member: request.member, asset: .points)
    let (account, due) = try settled(key)
    let original = requests[RequestKey(member: request.member, requestId: draft.orderId)]
    let reversal = try OrderReversal(
      pointsEarned: order.row.pointsEarned,
      earnedUntil: original?.entries.last { $0.posting.type == .earn }?.posting.lots.last?.expiresOn,
      redeemed: original?.entries.filter { $0.posting.type == .redeem }.flatMap(\.posting.lots) ?? [],
      holding: account.holding,
      at: time
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
        throw BooksRefusal.accountMissing
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
    let lane = Lane(member: request.member)
    var recorded = RecordedRequest(digest: request.digest, entries: [], answer: answer)
    for (key, account, postings) in movements {
      var account = account
      account.updatedAt = time.now
      accounts[key] = account
      changes.touch(key, account)
      for posting in postings.isEmpty ? [.nothing(available: account.holding.available)] : postings {
        let sequence = changes.nextSequence(in: lane)
        recorded.entries.append(.init(asset: key.asset, posting: posting, sequence: sequence))
      }
    }
    requests[RequestKey(member: request.member, requestId: request.id)] = recorded
    changes.add(NewRequest(id: request.id, member: request.member, reference: reference, recorded: recorded))
    return recorded
  }
}
