import Basics

/// What a member held of one asset at a moment in the past.
///
/// Sums are taken in 128 bits: where the oldest entries are archived, those that are kept may add up to more than the member
/// ever had.
struct PastHolding: Sendable, Hashable {
  /// What could be spent, by lots.
  let lots: [Lot]
  /// What could be spent; below zero if there was a debt.
  let available: Int64
  let pending: Int64
  let held: Int64
  let lifetimeEarned: Int64
  let lifetimeSpent: Int64

  /// What could be paid out, of money.
  var refundable: Int64 { LotList(lots).withoutBonus }

  /// Follows entries, first to last, to the end of a day before `today`: lots whose last day was over by then are left out,
  /// whether or not that had been entered.
  init(after postings: [Posting], today: Day) {
    var sums = Sums()
    for posting in postings { sums.follow(posting) }
    lots = sums.lots(from: today)
    available = Int64(clamping: lots.reduce(-sums.debt) { $0 + Int128($1.amount) })
    pending = Int64(clamping: sums.pending)
    held = Int64(clamping: sums.held)
    lifetimeEarned = Int64(clamping: sums.lifetimeEarned)
    lifetimeSpent = Int64(clamping: sums.lifetimeSpent)
  }

  /// What a holding became by time alone: as it was written before the moment, and not since.
  init(_ written: Holding, at time: LedgerTime) {
    var holding = written
    _ = holding.settle(at: time)
    lots = holding.lots
    available = holding.available
    pending = holding.pendingTotal
    held = holding.held
    lifetimeEarned = holding.lifetimeEarned
    lifetimeSpent = holding.lifetimeSpent
  }
}

/// What entries add up to.
private struct Sums {
  private var lots: [LotKey: Int128] = [:]
  private(set) var debt: Int128 = 0
  private(set) var pending: Int128 = 0
  private(set) var held: Int128 = 0
  private(set) var lifetimeEarned: Int128 = 0
  private(set) var lifetimeSpent: Int128 = 0

  /// What is left of the lots that can be spent on a day, in order.
  func lots(from today: Day) -> [Lot] {
    lots.filter { $0.key.expiresOn >= today && $0.value > 0 }.sorted { $0.key < $1.key }.map { key, amount in
      Lot(expiresOn: key.expiresOn, isBonus: key.isBonus, amount: Int64(clamping: amount))
    }
  }

  mutating func follow(_ posting: Posting) {
    let amount = Int128(posting.amount)
    let inLots = posting.lots.reduce(0 as Int128) { $0 + Int128($1.amount) }
    let change: Int128 = (posting.to == .available ? 1 : 0) - (posting.from == .available ? 1 : 0)
    for lot in posting.lots where change != 0 { lots[lot.key, default: 0] += change * Int128(lot.amount) }
    debt -= change * (amount - inLots)
    if posting.to == .pending { pending += amount }
    if posting.from == .pending { pending -= amount }
    if posting.to == .held { held += amount }
    if posting.from == .held { held -= amount }
    if posting.type.countsAsEarned { lifetimeEarned += amount }
    if posting.type == .earnReversal, posting.from == .available { lifetimeEarned -= amount }
    if posting.type.countsAsSpent { lifetimeSpent += amount }
    if posting.type == .redeemReversal { lifetimeSpent -= amount }
  }
}
