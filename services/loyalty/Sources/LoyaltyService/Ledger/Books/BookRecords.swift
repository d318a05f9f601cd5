import Basics
import Foundation
import ServiceKit

/// The part of the ledger that a batch of requests needs, as it was read.
struct BookSnapshot: Sendable {
  var programme: Programme
  /// The first request id that is not of a closed month; nil if none is closed.
  var firstOpenRequest: UUID?
  var accounts: [AccountKey: AccountRecord] = [:]
  /// The members who are suspended.
  var suspended: Set<UUID> = []
  /// By member: the first 64 bits of the greatest request id that ever wrote to any of the member's accounts.
  var latestRequests: [UUID: UInt64] = [:]
  /// Those of the batch that have taken effect before, and those that posted the orders to be reversed.
  var requests: [RequestKey: RecordedRequest] = [:]
  /// By id.
  var orders: [UUID: OrderRow] = [:]
  /// The orders that have the batch's receipts.
  var receipts: [Receipt: UUID] = [:]
  /// By reservation.
  var fates: [UUID: ReservationFate] = [:]
  /// What came back of the orders so far.
  var returns: [UUID: OrderReturns] = [:]
  /// By order of which something is taken back: what expired or was cancelled of its member's points since, where some of the
  /// order's may be among it.
  var lapses: [UUID: [Posting]] = [:]
  /// The returns that wait for the batch's receipts.
  var waiting: [Receipt: [WaitingReturn]] = [:]
  /// The digests of those of the batch's requests that reversed an order of another member.
  var reversals: [UUID: [UInt8]] = [:]
}

/// The books say that a request has taken effect, and do not have its entries: another instance of the service wrote it
/// between two statements of one reading. What was read is to be read again.
struct TornSnapshot: Error, Hashable, Sendable {}

/// What a batch of requests does to the ledger, to be written all of it or not at all.
struct BookChanges: Sendable {
  /// The accounts as they are after the batch, in the order in which they were first touched.
  private(set) var accounts: [(key: AccountKey, record: AccountRecord)] = []
  private var positions: [AccountKey: Int] = [:]
  private var lanes = [Int64](repeating: 0, count: Int(Lane.count))

  private(set) var requests: [NewRequest] = []
  private(set) var orders: [PostedOrder] = []
  private(set) var reversals: [NewReversal] = []
  private(set) var returns: [ReturnRow] = []
  private(set) var waitingReturns: [NewWaitingReturn] = []
  private(set) var adjustments: [NewAdjustment] = []
  /// What is announced, in the order in which it happened.
  private(set) var events: [LedgerEvent] = []

  var isEmpty: Bool { requests.isEmpty }

  /// How many entries each lane gets that gets any.
  var entryCounts: [(lane: Int16, count: Int64)] {
    lanes.enumerated().filter { $1 > 0 }.map { (Int16($0), $1) }
  }

  /// Makes room for `count` requests of one entry each.
  mutating func reserve(_ count: Int) {
    accounts.reserveCapacity(count)
    positions.reserveCapacity(count)
    requests.reserveCapacity(count)
  }

  /// Records an account's state after another request.
  mutating func touch(_ key: AccountKey, _ record: AccountRecord) {
    if let position = positions[key] {
      accounts[position].record = record
    } else {
      positions[key] = accounts.count
      accounts.append((key, record))
    }
  }

  /// Adds a request that takes effect.
  mutating func add(_ request: NewRequest) {
    requests.append(request)
  }

  /// Adds an order that is posted, and announces it.
  mutating func add(_ order: PostedOrder) {
    orders.append(order)
    events.append(.posted(order))
  }

  /// Adds the reversal of an order, and announces it.
  mutating func add(_ reversal: ReversalRow, of order: OrderRow) {
    reversals.append(NewReversal(orderID: order.orderID, row: reversal))
    events.append(.reversed(order, reversal))
  }

  /// Adds a return of goods of an order, and announces it.
  mutating func add(_ returned: ReturnRow, of order: OrderRow) {
    returns.append(returned)
    events.append(.returned(order, returned))
  }

  /// Adds a return that begins to wait for its sale.
  mutating func add(_ waiting: NewWaitingReturn) {
    waitingReturns.append(waiting)
  }

  /// Adds a correction by hand.
  mutating func add(_ adjustment: NewAdjustment) {
    adjustments.append(adjustment)
  }

  /// Returns the place of the lane's next entry among those of this batch, from 1.
  mutating func nextSequence(in lane: Lane) -> Int64 {
    lanes[Int(lane.number)] += 1
    return lanes[Int(lane.number)]
  }
}

/// What is announced with a batch.
enum LedgerEvent: Sendable, Hashable {
  /// A receipt was posted.
  case posted(PostedOrder)
  /// An order was reversed.
  indirect case reversed(OrderRow, ReversalRow)
  /// Goods of an order came back.
  indirect case returned(OrderRow, ReturnRow)
}

/// A request that takes effect with the batch. Its entries' sequences count from 1 in their lane until they are written.
struct NewRequest: Sendable {
  var id: UUID
  var member: UUID
  /// The order that its entries belong to.
  var reference: UUID?
  var recorded: RecordedRequest
}

/// An order that is reversed with the batch.
struct NewReversal: Sendable {
  var orderID: UUID
  var row: ReversalRow
}

/// A return that begins to wait with the batch.
struct NewWaitingReturn: Sendable {
  var waiting: WaitingReturn
  var recordedAt: Date
}

/// A correction by hand that takes effect with the batch.
struct NewAdjustment: Sendable {
  var requestID: UUID
  var member: UUID
  var asset: AssetID
  /// Negative if it was taken.
  var amount: Int64
  var adjustment: Movement.Adjustment
  var recordedAt: Date
}

/// A request that has taken effect: what was asked, and what it did to its member's accounts.
struct RecordedRequest: Sendable, Hashable {
  /// SHA-256 of what was asked.
  var digest: [UInt8]
  /// Its entries, in order; at least one.
  var entries: [Entry]
  /// What was answered; nil where the entries or the order say it.
  var answer: RecordedAnswer?
  /// What the sequences of its entries count from; nil until it is written and its lane's number known.
  var base: Int64? = 0

  /// When it was recorded.
  var recordedAt: Instant { Instant(rawValue: (base ?? 0) + entries[0].sequence) }

  /// One of its entries.
  struct Entry: Sendable, Hashable {
    var asset: AssetID
    var posting: Posting
    /// Its place in the lane, and when it was recorded, counted from the request's base.
    var sequence: Int64
    /// The request that wrote to the account before this one; nil if it is the account's first.
    var follows: UUID?
  }
}

/// Names a request in the register of entries: its id, and the member whose entries have it.
struct RequestKey: Sendable, Hashable {
  var member: UUID
  var requestID: UUID

  /// Word by word, which costs a fraction of byte by byte; ids alone differ as a rule.
  func hash(into hasher: inout Hasher) {
    hasher.combine(requestID.high)
    hasher.combine(requestID.low)
  }
}
