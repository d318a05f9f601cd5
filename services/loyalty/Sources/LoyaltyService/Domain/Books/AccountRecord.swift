/// What a member has of one asset, as it is stored.
struct AccountRecord: Sendable, Hashable {
  var holding: Holding
  /// Counts the writes; a write computed from this record takes effect only on this very version. 0: not stored yet.
  var version: Int64
  var openedAt: Instant
  var updatedAt: Instant

  /// An account that begins now.
  static func new(at now: Instant) -> AccountRecord {
    AccountRecord(holding: .empty, version: 0, openedAt: now, updatedAt: now)
  }
}
