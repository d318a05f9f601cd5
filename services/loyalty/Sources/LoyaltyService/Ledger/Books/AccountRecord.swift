import Basics
import Foundation
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
  var place: AccountPlace?
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

/// Where an account lies in its table: the page, and the row on it.
struct AccountPlace: Sendable, Hashable {
  var block: UInt32
  var offset: UInt16
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

/// What can be owned: a currency of points, or a currency of money. The raw value is what is stored.
struct AssetID: RawRepresentable, Sendable, Hashable, Comparable {
  var rawValue: Int16

  init(rawValue: Int16) { self.rawValue = rawValue }

  /// The programme's spendable points.
  static let points = AssetID(rawValue: 1)

  static func < (left: AssetID, right: AssetID) -> Bool { left.rawValue < right.rawValue }
}

/// The part of the ledger that a member's rows live in: one of 64, a hash of the member's id.
///
/// It is part of every key of accounts and entries, so that the ledger can be spread over several PostgreSQL nodes by it;
/// orders, receipts and reservations have keys of their own. The hash is FNV-1a of 64 bits over the id's 16 bytes, its two
/// halves xored, modulo 64. It is stored: it may never change.
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

/// Something that members can own.
struct Asset: Sendable, Hashable {
  var id: AssetID
  /// What callers call it.
  var code: String
  var kind: Kind

  enum Kind: Sendable, Hashable {
    /// Points, which the programme gives.
    case points
    /// Money that members pay in, in a currency's smallest unit (ISO 4217).
    case money(currencyCode: String)

    var isMoney: Bool { self != .points }
  }
}
