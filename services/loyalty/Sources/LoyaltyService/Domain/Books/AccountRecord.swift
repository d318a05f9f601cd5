import Foundation
import Postgres

/// What a member has of one asset, as it is stored.
struct AccountRecord: Sendable, Hashable {
  var holding: Holding
  /// Counts the writes; a write computed from this record takes effect only on this very version. 0: not stored yet.
  var version: Int64
  var openedAt: Instant
  var updatedAt: Instant
  /// The first 64 bits of the greatest request id that ever wrote to it: a greater one is new. 0: none did.
  var latestRequest: UInt64 = 0
  /// The request that wrote to it last; nil if none did.
  var writtenBy: UUID?
  /// Where it was read, and so where it is still if it has this version; nil if it is not stored yet.
  var place: RowPlace?
  /// Whether what was stored adds up. Nothing is decided on an account that does not.
  var isSound = true

  /// Refuses an account that does not add up.
  func checkSound() throws(BrokenInvariant) {
    guard isSound else { throw BrokenInvariant("an account in the ledger does not add up; patron audit names it") }
  }

  /// An account that begins now.
  static func new(at now: Instant) -> AccountRecord {
    AccountRecord(holding: .empty, version: 0, openedAt: now, updatedAt: now)
  }
}
