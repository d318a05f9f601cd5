import Foundation

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
  var orders: [UUID: StoredOrder] = [:]
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

/// The number on a receipt and the store that printed it.
struct Receipt: Sendable, Hashable {
  var storeID: String
  var receiptNumber: String
}

/// An order as it is stored.
struct StoredOrder: Sendable, Hashable {
  /// As it stands.
  var row: OrderRow
  /// As it was answered when it was posted.
  var posted: PostedOrder
}

/// The books say that a request has taken effect, and do not have its entries: another copy of the service wrote it between
/// two statements of one reading. What was read is to be read again.
struct TornSnapshot: Error, Hashable, Sendable {}
