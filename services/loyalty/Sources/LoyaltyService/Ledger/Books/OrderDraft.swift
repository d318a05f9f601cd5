import Foundation

/// A receipt to be posted.
struct OrderDraft: Sendable {
  /// Names the order, the member, the receipt and the reservation.
  var key: PostingKey
  /// What the ledger's rules look at.
  var receipt: ReceiptDraft
  /// When the sale happened.
  var occurredAt: Date
  /// Its lines as returns see them.
  var lines: @Sendable () -> [SoldLine]
  /// Writes down the order that a posting makes of it, as it is answered and announced.
  var record: @Sendable (OrderPosting, Programme, Date) throws -> OrderRecord
  /// Writes down what a return did that had waited for this receipt, as it is announced.
  var announceReturn: @Sendable (StoredOrder, ReturnRow) throws -> NewEvent
}

/// An order as it is answered and announced.
struct OrderRecord: Sendable, Hashable {
  /// The encoded order of the answer.
  var encodedOrder: [UInt8]
  /// What is announced.
  var event: NewEvent
}

/// A receipt to be taken back.
struct ReversalDraft: Sendable {
  /// The order.
  var orderID: UUID
  /// Why.
  var reason: String
  /// Writes down what the reversal did, as it is announced.
  var record: @Sendable (OrderRow, ReversalRow) throws -> NewEvent
}
