import Basics

/// What a caller is told of an account.
struct AccountSummary: Sendable, Hashable {
  /// What the member can spend now.
  var available: Int64
  var lifetimeEarned: Int64
  var lifetimeSpent: Int64
  var openedAt: Instant
  var updatedAt: Instant

  init(_ record: AccountRecord) {
    available = record.holding.available
    lifetimeEarned = record.holding.lifetimeEarned
    lifetimeSpent = record.holding.lifetimeSpent
    openedAt = record.openedAt
    updatedAt = record.updatedAt
  }
}

extension AccountSummary {
  /// The summary as an entry keeps it, so that the same answer can be given for ever: five numbers of eight bytes.
  var answer: [UInt8] {
    [available, lifetimeEarned, lifetimeSpent, openedAt.rawValue, updatedAt.rawValue].flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
  }

  /// The summary that an entry kept.
  init(answer: [UInt8]) throws(BrokenInvariant) {
    guard answer.count == 40 else { throw BrokenInvariant("an opening has no answer") }
    func number(_ place: Int) -> Int64 { answer[place * 8..<place * 8 + 8].reduce(0) { $0 << 8 | Int64($1) } }
    available = number(0)
    lifetimeEarned = number(1)
    lifetimeSpent = number(2)
    openedAt = Instant(rawValue: number(3))
    updatedAt = Instant(rawValue: number(4))
  }
}
