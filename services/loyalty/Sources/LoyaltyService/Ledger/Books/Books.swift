import Foundation

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
  var orders: [UUID: StoredOrder]
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

  /// Opens the books that were read, with room for so many requests.
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
    if case .look(let asset) = request.command { return look(request.member, asset) }
    let key = RequestKey(member: request.member, requestID: request.id)
    if let recorded = requests[key] {
      guard recorded.digest == request.digest else { throw BooksRefusal.requestIDReused(first: recorded.digest) }
      return try answerAgain(request, recorded)
    }
    if isClosed(request.id) { throw BooksRefusal.requestTooOld }
    try checkStanding(request)
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
    case .look(let asset): return look(request.member, asset)
    }
  }

  /// Whether the entries of a request may have been archived.
  func isClosed(_ id: UUID) -> Bool { firstOpenRequest.map { id < $0 } ?? false }

  /// An account as it is after all requests so far.
  private func look(_ member: UUID, _ asset: AssetID) -> LedgerAnswer {
    .seen(accounts[AccountKey(member: member, asset: asset)])
  }

  private func answerAgain(_ request: LedgerRequest, _ recorded: RecordedRequest) throws -> LedgerAnswer {
    switch request.command {
    case .open: return .account(try AccountSummary(answer: recorded.answer ?? []))
    case .move, .transfer: return .moved(recorded)
    case .settle: return .settled
    case .look(let asset): return look(request.member, asset)
    case .takeBack: return .returned(recorded.answer ?? [])
    case .post:
      guard let order = orders[request.id] else { throw BrokenInvariant("a posted order is not there") }
      return .posted(order.posted)
    case .reverse(let draft):
      guard let order = orders[draft.orderID] else { throw BrokenInvariant("a reversed order is not there") }
      return .reversed(order.row)
    }
  }
}
