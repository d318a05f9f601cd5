import Foundation

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
