import Basics
import Foundation

extension Holding {
  /// Takes back `amount` of what a returned receipt earned, or as much of it as the policy allows; never refuses, because the
  /// goods are back already. One posting for each account that gives: none, one or two.
  ///
  /// What is still pending of the receipt goes first. Then, as far as the policy allows, its own lot of those that can be
  /// spent: the lot of the day `expiresOn`. What is missing of it has been spent, and without the receipt that would have
  /// been taken from the next lot to expire; so the rest is taken soonest first, as if the receipt had never been. What the
  /// lots do not cover becomes debt. What is held stays held.
  ///
  /// Never more than was earned: what is taken of `available` is at most `lifetimeEarned`, whatever else was paid in.
  ///
  /// - Parameters:
  ///   - pendingID: The request that earned it, if it was pending; it need not be any more.
  ///   - expiresOn: The last day of what the receipt earned, if it is known.
  /// - Returns: The postings, how much was taken, and how much is short: together `amount`.
  mutating func returnEarned(
    _ amount: Int64,
    pendingID: UUID?,
    expiresOn day: Day? = nil,
    policy: ReturnPolicy,
    to account: PostingAccount
  ) -> (postings: [Posting], taken: Int64, short: Int64) {
    precondition(amount > 0, "amounts are more than 0")
    precondition(!account.isMembers, "what is taken back goes to the programme")
    var postings: [Posting] = []
    var left = amount
    if let posting = takePending(left, id: pendingID, to: account) {
      left -= posting.amount
      postings.append(posting)
    }
    let allowed = min(left, policy.takes(fromAvailable: available), lifetimeEarned)
    if allowed > 0 {
      left -= allowed
      postings.append(takeAvailable(allowed, expiresOn: day, to: account))
    }
    assert(isSound)
    return (postings, amount - left, left)
  }

  private mutating func takePending(_ amount: Int64, id: UUID?, to account: PostingAccount) -> Posting? {
    guard let id, let index = pending.firstIndex(where: { $0.id == id }) else { return nil }
    let slice = Lot(expiresOn: pending[index].expiresOn, amount: min(amount, pending[index].amount))
    pending[index].amount -= slice.amount
    if pending[index].amount == 0 { pending.remove(at: index) }
    pendingTotal -= slice.amount
    return Posting(
      type: .earnReversal,
      from: .pending,
      to: account,
      amount: slice.amount,
      available: available,
      lots: [slice],
      reference: id
    )
  }

  private mutating func takeAvailable(_ amount: Int64, expiresOn day: Day?, to account: PostingAccount) -> Posting {
    let fromLots = min(amount, spendable.total)
    let own = day.flatMap { spendable.take(fromLots, of: LotKey(expiresOn: $0, isBonus: false)) }
    var slices = LotList(spendable.take(fromLots - (own?.amount ?? 0)))
    if let own { slices.add(own) }
    debt += amount - fromLots
    lifetimeEarned -= amount
    return Posting(
      type: .earnReversal,
      from: .available,
      to: account,
      amount: amount,
      available: available,
      lots: slices.lots
    )
  }
}

extension Holding {
  /// Gives back slices that were spent, into their own lots. At least one, sorted, one per key: as a posting names them.
  ///
  /// What is over its last day gets a period of grace, or expires at once in a second posting, as the rule says.
  ///
  /// - Throws: `moreThanSpent`, `tooLarge`.
  mutating func restore(
    _ slices: [Lot],
    from account: PostingAccount,
    at time: LedgerTime,
    rule: RestoreRule
  ) throws(LedgerRefusal) -> [Posting] {
    precondition(!account.isMembers, "what was spent comes back from the programme")
    let amount = try Self.sum(slices)
    guard amount <= lifetimeSpent else { throw .moreThanSpent(spent: lifetimeSpent, asked: amount) }
    try checkRoom(for: amount, payingDebt: true)
    lifetimeSpent -= amount
    let added = arrive(Self.slices(slices, at: time, rule: rule))
    var postings = [
      Posting(
        type: .redeemReversal,
        from: account,
        to: .available,
        amount: amount,
        available: available,
        lots: added
      )
    ]
    if case .expireAtOnce = rule, let expiry = expire(before: time.today) { postings.append(expiry) }
    assert(isSound)
    return postings
  }

  /// The slices as they come back: the last day of those that are over is moved if the rule gives them grace.
  private static func slices(_ slices: [Lot], at time: LedgerTime, rule: RestoreRule) -> [Lot] {
    guard case .grace(let days) = rule, slices.contains(where: { $0.expiresOn < time.today }) else { return slices }
    precondition(days >= 0, "grace is not negative")
    let graceEnds = time.today + days
    var moved = LotList.empty
    for var slice in slices {
      if slice.expiresOn < time.today { slice.expiresOn = graceEnds }
      moved.add(slice)
    }
    return moved.lots
  }
}
