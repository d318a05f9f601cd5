import Basics

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
