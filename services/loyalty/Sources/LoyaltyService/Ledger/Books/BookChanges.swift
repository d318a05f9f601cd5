import Foundation

/// What a batch of requests does to the ledger, to be written all of it or not at all.
struct BookChanges: Sendable {
  /// The accounts as they are after the batch, in the order in which they were first touched.
  private(set) var accounts: [(key: AccountKey, record: AccountRecord)] = []
  private var positions: [AccountKey: Int] = [:]
  private var lanes = [Int64](repeating: 0, count: Int(Lane.count))

  private(set) var requests: [NewRequest] = []
  var orders: [NewOrder] = []
  var reversals: [NewReversal] = []
  var returns: [ReturnRow] = []
  var waitingReturns: [NewWaitingReturn] = []
  var adjustments: [NewAdjustment] = []
  var events: [NewEvent] = []

  var isEmpty: Bool { requests.isEmpty }

  /// How many entries each lane gets that gets any.
  var entryCounts: [(lane: Int16, count: Int64)] {
    lanes.enumerated().filter { $1 > 0 }.map { (Int16($0), $1) }
  }

  /// Makes room for so many requests of one entry each.
  mutating func reserve(_ count: Int) {
    accounts.reserveCapacity(count)
    positions.reserveCapacity(count)
    requests.reserveCapacity(count)
  }

  /// Notes an account's state after another request.
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

  /// The place of the lane's next entry among those of this batch, from 1.
  mutating func nextSequence(in lane: Lane) -> Int64 {
    lanes[Int(lane.number)] += 1
    return lanes[Int(lane.number)]
  }
}

/// A request that takes effect with the batch. Its entries' sequences count from 1 in their lane until they are written.
struct NewRequest: Sendable {
  var id: UUID
  var member: UUID
  /// The order that its entries belong to.
  var reference: UUID?
  var recorded: RecordedRequest
}

/// An order that is posted with the batch.
struct NewOrder: Sendable {
  var key: PostingKey
  var occurredAt: Date
  var postedAt: Date
  var posting: OrderPosting
  var posted: PostedOrder
}

/// An order that is taken back with the batch.
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
