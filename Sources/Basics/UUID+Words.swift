public import FoundationEssentials

extension UUID {
  /// The id with these 128 bits.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self = withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }

  /// The first 64 bits; of a UUIDv7 they say when it was minted.
  @inlinable
  public var high: UInt64 { withUnsafeBytes(of: uuid) { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) } }

  /// The last 64 bits.
  @inlinable
  public var low: UInt64 {
    withUnsafeBytes(of: uuid) { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) }
  }

  /// The id whose bits are all zero (RFC 9562 section 5.9): stands for "no id".
  public static let zero = UUID(high: 0, low: 0)
}

extension UUID {
  /// The version field (RFC 9562 section 4.2): 7 for time-ordered ids, 4 for random ones.
  public var version: Int { Int(uuid.6 >> 4) }

  /// When an id of version 7 was minted, in microseconds since 1970, exact to the millisecond.
  public var mintedAtUnixMicroseconds: Int64 { Int64(high >> 16) * 1_000 }

  /// The smallest id of those minted in a millisecond, whatever their version: where they begin in the order of ids.
  public init(mintedAtUnixMicroseconds microseconds: Int64) {
    self.init(high: UInt64(max(0, microseconds) / 1_000) << 16, low: 0)
  }

  /// An id of version 7 (RFC 9562 section 5.7).
  ///
  /// - Parameters:
  ///   - unixMilliseconds: The time; the lowest 48 bits count.
  ///   - fraction: What follows the version: the lowest 12 bits count.
  ///   - random: What follows the variant: the lowest 62 bits count.
  public init(version7 unixMilliseconds: UInt64, fraction: UInt64, random: UInt64) {
    self.init(
      high: unixMilliseconds << 16 | 0x7000 | fraction & 0xFFF,
      low: 0x8000_0000_0000_0000 | random & 0x3FFF_FFFF_FFFF_FFFF
    )
  }
}
