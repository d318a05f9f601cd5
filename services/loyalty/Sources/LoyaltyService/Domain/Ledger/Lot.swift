/// So much of an asset that is spent together: it has one last day, and it is bonus or it is not.
struct Lot: Sendable, Hashable {
  /// The last day on which it can be spent.
  var expiresOn: Day
  /// Whether the programme gave it on top of money that was paid in: it is spent before that money, and is never paid out.
  var isBonus = false
  /// How much there is; more than 0.
  var amount: Int64

  /// What two slices have in common that are one lot.
  var key: LotKey { LotKey(expiresOn: expiresOn, isBonus: isBonus) }
}

/// Names a lot among those of an account. In the order in which lots are spent: bonus first, then by their last day.
///
/// The raw value is what the store keeps: the day, less 2^32 if it is bonus.
struct LotKey: RawRepresentable, Sendable, Hashable, Comparable {
  let rawValue: Int64

  private static let bonusOffset: Int64 = 1 << 32

  init(expiresOn day: Day, isBonus: Bool) {
    rawValue = Int64(day.rawValue) - (isBonus ? Self.bonusOffset : 0)
  }

  /// A key as it was stored; nil if it is none.
  init?(rawValue: Int64) {
    guard Int32(exactly: rawValue) != nil || Int32(exactly: rawValue &+ Self.bonusOffset) != nil else { return nil }
    self.rawValue = rawValue
  }

  var isBonus: Bool { rawValue < Int64(Int32.min) }

  /// The last day on which the lot can be spent.
  var expiresOn: Day { Day(rawValue: Int32(truncatingIfNeeded: rawValue)) }

  static func < (left: LotKey, right: LotKey) -> Bool { left.rawValue < right.rawValue }
}
