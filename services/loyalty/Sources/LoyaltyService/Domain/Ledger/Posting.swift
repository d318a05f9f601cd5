import Foundation

/// One movement between two accounts. It has one amount, so it balances by construction.
struct Posting: Sendable, Hashable {
  /// What it records.
  var type: PostingType
  /// The account that gives.
  var from: PostingAccount
  /// The account that receives.
  var to: PostingAccount
  /// How much moves; more than 0, unless it records `nothing`.
  var amount: Int64
  /// What the member can spend after it.
  var available: Int64
  /// The slices that it took out of, or put into, the member's lots, in the order in which lots are spent, one per key.
  ///
  /// They add up to `amount`, unless a debt is part of it: what arrives in `available` pays the debt first, and what
  /// a return takes beyond the lots becomes debt. The rest, `amount - Σ lots`, is then what the debt changed by.
  var lots: [Lot]
  /// The hold or the pending lot that it is about.
  var reference: UUID?

  /// What it changed of what the member can spend.
  var availableChange: Int64 { (to == .available ? amount : 0) - (from == .available ? amount : 0) }

  /// How much of it is bonus.
  var bonusAmount: Int64 { lots.reduce(0) { $1.isBonus ? $0 + $1.amount : $0 } }
}
