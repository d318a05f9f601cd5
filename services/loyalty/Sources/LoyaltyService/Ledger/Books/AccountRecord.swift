import Basics
import Foundation
import Postgres
import ServiceKit

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

/// Names what a member has of one asset.
struct AccountKey: Sendable, Hashable {
  var member: UUID
  var asset: AssetID

  /// Word by word, which costs a fraction of byte by byte.
  func hash(into hasher: inout Hasher) {
    hasher.combine(member.high)
    hasher.combine(member.low ^ UInt64(truncatingIfNeeded: asset.rawValue))
  }
}

/// The part of the ledger that a member's rows live in: one of 64, a hash of the member's id.
///
/// It leads every ledger key, so that the ledger can be spread over several PostgreSQL nodes by it. The hash is FNV-1a of
/// 64 bits over the id's 16 bytes, its two halves xored, modulo 64. It is stored: it may never change.
struct Lane: Sendable, Hashable {
  static let count: UInt64 = 64

  /// 0 to 63.
  let number: Int16

  /// The lane of a member.
  init(member: UUID) {
    let hash = withUnsafeBytes(of: member.uuid) { bytes in
      bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
    number = Int16((hash ^ (hash >> 32)) % Self.count)
  }
}
