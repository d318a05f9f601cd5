import Basics
import Foundation

extension Holding {
  /// Takes back so much that a returned receipt earned, or as much of it as the policy allows; never refuses, because the
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
  mutating func takeBack(
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
