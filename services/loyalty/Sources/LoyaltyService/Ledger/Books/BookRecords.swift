import Basics
import Foundation
import ServiceKit

/// An order as it is stored, with its reversal if it was taken back.
struct OrderRow: Sendable, Hashable {
  var orderID: UUID
  var memberID: UUID
  /// What was paid for it by other means than points.
  var payable: Int64
  var pointsEarned: Int64
  var pointsRedeemed: Int64
  /// The encoded patron.loyalty.v1.Order as it was when it was posted.
  var encodedOrder: [UInt8]
  var reversal: ReversalRow?
}

/// What taking an order back did, as it is stored.
struct ReversalRow: Sendable, Hashable {
  /// The request that reversed the order.
  var requestID: UUID
  var requestDigest: [UInt8]
  var reason: String
  /// What is paid back by other means than points.
  var refundedMinorUnits: Int64
  var pointsTaken: Int64
  var pointsReturned: Int64
  var pointsShort: Int64
  /// The member's balance after it.
  var balancePoints: Int64
  var reversedAt: Date
}

/// An order as it was answered when it was posted.
struct PostedOrder: Sendable, Hashable {
  /// The digest of the request that posted it.
  var requestDigest: [UInt8]
  /// The encoded patron.loyalty.v1.Order of the answer.
  var encodedOrder: [UInt8]
  /// The member's balance after it.
  var balancePoints: Int64
}

/// What names a posting: the order, the member, the receipt, and the reservation of its coupons.
struct PostingKey: Sendable, Hashable {
  /// The request id, which becomes the order's id.
  var orderID: UUID
  var memberID: UUID
  var storeID: String
  var receiptNumber: String
  /// Nil if the order uses no coupons.
  var reservationID: UUID?
}

/// A request that has taken effect: what was asked, and what it did to its member's accounts.
struct RecordedRequest: Sendable, Hashable {
  /// SHA-256 of what was asked.
  var digest: [UInt8]
  /// Its entries, in order; at least one.
  var entries: [Entry]
  /// What was answered, where the entries alone do not say it.
  var answer: [UInt8]?
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

/// An event that is written with what makes it true.
struct NewEvent: Sendable, Hashable {
  var eventID: UUID
  /// What kind of event it is.
  var type: String
  /// The member it is about.
  var key: UUID
  /// The encoded message.
  var payload: [UInt8]
}
