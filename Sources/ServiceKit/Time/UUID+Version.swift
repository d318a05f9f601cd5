public import Foundation

extension UUID {
  /// The id with these 128 bits.
  public init(high: UInt64, low: UInt64) {
    func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
    self.init(
      uuid: (
        byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5), byte(high, 6),
        byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5),
        byte(low, 6), byte(low, 7)
      )
    )
  }

  /// The first 64 bits; of a UUIDv7 they say when it was minted.
  public var high: UInt64 { withUnsafeBytes(of: uuid) { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) } }

  /// The last 64 bits.
  public var low: UInt64 {
    withUnsafeBytes(of: uuid) { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) }
  }

  /// The version field (RFC 9562 section 4.2): 7 for time-ordered ids, 4 for random ones.
  public var version: Int { Int(uuid.6 >> 4) }

  /// When an id of version 7 was minted, in microseconds since 1970, exact to the millisecond.
  public var mintedAtUnixMicroseconds: Int64 { Int64(high >> 16) * 1_000 }

  /// The smallest id of those minted in a millisecond, whatever their version: where they begin in the order of ids.
  public init(mintedAtUnixMicroseconds microseconds: Int64) {
    self.init(high: UInt64(max(0, microseconds) / 1_000) << 16, low: 0)
  }

  /// The id whose bits are all zero (RFC 9562 section 5.9): stands for "no id".
  public static let zero = UUID(high: 0, low: 0)
}
