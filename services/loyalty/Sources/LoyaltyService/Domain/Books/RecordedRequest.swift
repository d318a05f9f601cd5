import Foundation

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
