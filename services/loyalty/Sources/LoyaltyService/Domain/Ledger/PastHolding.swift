/// What a member held of one asset at a moment in the past: what the entries until then add up to.
struct PastHolding: Sendable, Hashable {
  /// What could be spent, by lots.
  private(set) var lots = LotList.empty
  private(set) var debt: Int64 = 0
  private(set) var pending: Int64 = 0
  private(set) var held: Int64 = 0
  private(set) var lifetimeEarned: Int64 = 0
  private(set) var lifetimeSpent: Int64 = 0

  /// Follows entries, first to last, to the end of a day before `today`: lots whose last day was over by then are left out,
  /// whether or not that had been entered.
  init(after postings: [Posting], today: Day) {
    for posting in postings { follow(posting) }
    _ = lots.takeExpired(before: today)
  }

  /// What could be spent; below zero if there was a debt.
  var available: Int64 { lots.total - debt }

  private mutating func follow(_ posting: Posting) {
    let moved = posting.lots.reduce(0) { $0 + $1.amount }
    switch posting.to {
    case .available:
      for lot in posting.lots { lots.add(lot) }
      debt -= posting.amount - moved
    case .pending: pending += posting.amount
    case .held: held += posting.amount
    default: break
    }
    switch posting.from {
    case .available where posting.to != .available:
      for lot in posting.lots { _ = lots.take(lot.amount, expiringOn: lot.expiresOn) }
      debt += posting.amount - moved
    case .pending: pending -= posting.amount
    case .held: held -= posting.amount
    default: break
    }
    if posting.type.countsAsEarned { lifetimeEarned += posting.amount }
    if posting.type == .earnReversal, posting.from == .available { lifetimeEarned -= posting.amount }
    if posting.type.countsAsSpent { lifetimeSpent += posting.amount }
    if posting.type == .redeemReversal { lifetimeSpent -= posting.amount }
  }
}
