extension Holding {
  /// Takes so much from what can be spent, the soonest to expire first. The posting names the slices.
  ///
  /// - Throws: `insufficient`, `tooLarge` if all that was ever spent no longer fits.
  mutating func spend(
    _ amount: Int64,
    to account: PostingAccount,
    type: PostingType = .redeem
  ) throws(LedgerRefusal) -> [Posting] {
    precondition(amount > 0, "amounts are more than 0")
    precondition(!account.isMembers, "what a member spends goes to the programme")
    guard available >= amount else { throw .insufficient(available: available, needed: amount) }
    if type.countsAsSpent { lifetimeSpent = try spent(adding: amount) }
    let slices = spendable.take(amount)
    assert(isSound)
    return [Posting(type: type, from: .available, to: account, amount: amount, available: available, lots: slices)]
  }
}
