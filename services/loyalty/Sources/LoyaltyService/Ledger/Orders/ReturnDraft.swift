import Foundation

/// Goods of a receipt that come back.
struct ReturnDraft: Sendable, Hashable {
  /// The sale.
  var sale: Sale
  /// What comes back; empty means everything that is left.
  var lines: [ReturnedLine]
  /// The store in which it comes back.
  var storeID: String
  /// Why.
  var reason: String
  /// The request id for the entries that are made when a sale that has not arrived yet does; minted with the request.
  var laterID: UUID

  /// What is known of the sale.
  enum Sale: Sendable, Hashable {
    /// It has been posted; its lines.
    case posted(UUID, [SoldLine])
    /// There is none yet with this receipt.
    case expected(Receipt)
    /// There is none of this member, and none can be waited for.
    case unknown
  }
}

/// A return that waits for its sale.
struct WaitingReturn: Sendable, Hashable {
  /// The request that posted it.
  var returnID: UUID
  /// The request id for the entries that its sale will make of it.
  var laterID: UUID
  var digest: [UInt8]
  var memberID: UUID
  var receipt: Receipt
  var lines: [ReturnedLine]
  /// The store in which it came back.
  var storeID: String
  var reason: String
}

/// What a return did, as it is stored.
struct ReturnRow: Sendable, Hashable {
  /// The request that posted it.
  var returnID: UUID
  /// The request id of its entries: the same, unless it waited for its sale.
  var entryRequestID: UUID
  var orderID: UUID
  /// The digest of its entries.
  var digest: [UInt8]
  /// The store in which it came back.
  var storeID: String
  var reason: String
  /// What came back, with how much of each line.
  var lines: [ReturnedLine]
  /// What the lines had cost together.
  var minorUnits: Int64
  /// What is paid back for them by other means than points.
  var refundedMinorUnits: Int64
  /// What the lines had cost that are left of the order after it.
  var leftMinorUnits: Int64
  var pointsTaken: Int64
  var pointsReturned: Int64
  var pointsShort: Int64
  /// The member's balance after it.
  var balancePoints: Int64
  var returnedAt: Date
}
