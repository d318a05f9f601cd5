extension Holding {
  /// Takes so much from what can be spent: bonus first, then the soonest to expire first. The posting names the slices.
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

  /// Pays money out that was paid in. Bonus is not paid out, however it came to the member.
  ///
  /// - Throws: `insufficient` if so much cannot be spent, `bonusNotRefundable` if it can and is bonus.
  mutating func withdraw(_ amount: Int64) throws(LedgerRefusal) -> [Posting] {
    precondition(amount > 0, "amounts are more than 0")
    guard available >= amount else { throw .insufficient(available: available, needed: amount) }
    guard refundable >= amount else { throw .bonusNotRefundable(refundable: refundable, needed: amount) }
    let slices = spendable.takeWithoutBonus(amount)
    assert(isSound)
    return [
      Posting(
        type: .withdraw,
        from: .available,
        to: .storedValueFloat,
        amount: amount,
        available: available,
        lots: slices
      )
    ]
  }
}
