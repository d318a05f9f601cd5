import Basics
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
  /// What suspended members may do.
  let suspension: SuspensionRule
  /// The members who are suspended.
  let suspended: Set<UUID>

  let firstOpenRequest: UUID?
  var accounts: [AccountKey: AccountRecord]
  var requests: [RequestKey: RecordedRequest]
  var orders: [UUID: OrderRow]
  var receipts: [Receipt: UUID]
  var fates: [UUID: ReservationFate]
  var returns: [UUID: OrderReturns]
  var waiting: [Receipt: [WaitingReturn]]
  var reversals: [UUID: [UInt8]]
  let lapses: [UUID: [Posting]]
  /// What expired or was cancelled of members' points with this batch.
  var lapsesNow: [UUID: [Posting]] = [:]

  /// What is to be written.
  var changes = BookChanges()

  /// Opens the books that were read, with room for `count` requests.
  init(
    _ snapshot: BookSnapshot,
    at time: LedgerTime,
    suspension: SuspensionRule = SuspensionRule(),
    expecting count: Int = 1
  ) {
    self.time = time
    self.suspension = suspension
    programme = snapshot.programme
    suspended = snapshot.suspended
    firstOpenRequest = snapshot.firstOpenRequest
    accounts = snapshot.accounts
    requests = snapshot.requests
    orders = snapshot.orders
    receipts = snapshot.receipts
    fates = snapshot.fates
    returns = snapshot.returns
    waiting = snapshot.waiting
    reversals = snapshot.reversals
    lapses = snapshot.lapses
    requests.reserveCapacity(requests.count + count)
    changes.reserve(count)
  }

  /// Does what a request asks, or answers it once more if it came before.
  mutating func apply(_ request: LedgerRequest) throws -> LedgerAnswer {
    if case .read(let asset) = request.command { return read(request.member, asset) }
    let key = RequestKey(member: request.member, requestID: request.id)
    if let recorded = requests[key] {
      guard recorded.digest == request.digest else { throw BooksRefusal.requestIDReused(first: recorded.digest) }
      return try repeatedAnswer(to: request, recorded)
    }
    if isClosed(request.id) { throw BooksRefusal.requestTooOld }
    try checkStanding(request)
    switch request.command {
    case .open: return .recorded(try open(request))
    case .move(let movement): return .moved(try move(request, movement))
    case .transfer(let transfer): return .moved(try self.transfer(request, transfer))
    case .post(let draft):
      let order = try post(request, draft)
      return .posted(.posted(order), balancePoints: order.balancePoints)
    case .reverse(let draft): return .reversed(try reverse(request, draft))
    case .postReturn(let draft): return .recorded(try postReturn(request, draft))
    case .settle(let asset):
      try settle(request, asset)
      return .settled
    case .read(let asset): return read(request.member, asset)
    }
  }

  /// Whether the entries of a request may have been archived.
  func isClosed(_ id: UUID) -> Bool { firstOpenRequest.map { id < $0 } ?? false }

  /// Reads an account as it is after all requests so far.
  private func read(_ member: UUID, _ asset: AssetID) -> LedgerAnswer {
    .read(accounts[AccountKey(member: member, asset: asset)])
  }

  /// The answer to a request that has taken effect before.
  private func repeatedAnswer(to request: LedgerRequest, _ recorded: RecordedRequest) throws -> LedgerAnswer {
    switch request.command {
    case .open, .postReturn:
      guard let answer = recorded.answer else { throw BrokenInvariant("an opening or a return has no answer") }
      return .recorded(answer)
    case .move, .transfer: return .moved(recorded)
    case .settle: return .settled
    case .read(let asset): return read(request.member, asset)
    case .post:
      guard let order = orders[request.id] else { throw BrokenInvariant("a posted order is not there") }
      return .posted(order.document, balancePoints: order.balancePoints)
    case .reverse(let draft):
      guard let order = orders[draft.orderID] else { throw BrokenInvariant("a reversed order is not there") }
      return .reversed(order)
    }
  }
}

// MARK: - Standing

extension Books {
  /// Refuses what a request asks for a member who may not do it. What a sale may earn is decided with the sale.
  private func checkStanding(_ request: LedgerRequest) throws(BooksRefusal) {
    guard !suspended.isEmpty else { return }
    switch request.command {
    case .open, .reverse, .postReturn, .settle, .read: return
    case .move(let movement):
      if let trade = movement.operation.trade { try require(trade, of: request.member) }
    case .transfer(let transfer):
      try require(.spending, of: request.member)
      try require(.earning, of: transfer.to)
    case .post(let draft):
      if draft.receipt.pointsToRedeem > 0 { try require(.spending, of: request.member) }
    }
  }

  /// What becomes of what a sale to a member earns.
  func earning(of member: UUID) -> SuspensionRule.Earning {
    suspended.contains(member) ? suspension.earning : .allowed
  }

  private func require(_ trade: SuspensionRule.Trade, of member: UUID) throws(BooksRefusal) {
    guard !suspended.contains(member) || suspension.allows(trade) else {
      throw .memberSuspended(member: member, trade)
    }
  }
}

// MARK: - Entering

extension Books {
  /// Reads an account and does what is due; the postings of that come before all others.
  func settled(_ key: AccountKey) throws -> (AccountRecord, [Posting]) {
    guard var account = accounts[key] else {
      guard key.asset != .points, accounts[AccountKey(member: key.member, asset: .points)] != nil else {
        throw BooksRefusal.accountMissing(member: key.member)
      }
      return (.new(at: time.now), [])
    }
    try account.checkSound()
    let postings = account.holding.settle(at: time)
    return (account, postings)
  }

  /// Enters what a request did. A request that moved nothing leaves an entry of amount 0: the register of request ids.
  @discardableResult
  mutating func write(
    _ request: LedgerRequest,
    _ movements: [(key: AccountKey, account: AccountRecord, postings: [Posting])],
    reference: UUID? = nil,
    answer: RecordedAnswer? = nil
  ) -> RecordedRequest {
    write(request.id, request.digest, movements, reference: reference, answer: answer)
  }

  /// Enters what a request did to one member's accounts; at least one.
  @discardableResult
  mutating func write(
    _ id: UUID,
    _ digest: [UInt8],
    _ movements: [(key: AccountKey, account: AccountRecord, postings: [Posting])],
    reference: UUID? = nil,
    answer: RecordedAnswer? = nil
  ) -> RecordedRequest {
    let member = movements[0].key.member
    let lane = Lane(member: member)
    var recorded = RecordedRequest(digest: digest, entries: [], answer: answer, base: nil)
    recorded.entries.reserveCapacity(movements.reduce(0) { $0 + max(1, $1.postings.count) })
    for (key, account, postings) in movements {
      var account = account
      account.updatedAt = time.now
      account.latestRequest = max(account.latestRequest, id.high)
      let follows = account.writtenBy
      account.writtenBy = id
      accounts[key] = account
      changes.touch(key, account)
      for posting in postings.isEmpty ? [.nothing(available: account.holding.available)] : postings {
        let sequence = changes.nextSequence(in: lane)
        recorded.entries.append(.init(asset: key.asset, posting: posting, sequence: sequence, follows: follows))
        if posting.isLapse, key.asset == .points { lapsesNow[key.member, default: []].append(posting) }
      }
    }
    requests[RequestKey(member: member, requestID: id)] = recorded
    changes.add(NewRequest(id: id, member: member, reference: reference, recorded: recorded))
    return recorded
  }
}
