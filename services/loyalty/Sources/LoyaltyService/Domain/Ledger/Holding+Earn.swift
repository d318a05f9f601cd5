extension Holding {
  /// Gives the member so much, spendable at once to the end of a day.
  ///
  /// - Parameter isBonus: Whether it is a gift on top of money that was paid in.
  /// - Throws: `tooLarge`.
  mutating func earn(
    _ amount: Int64,
    expiresOn day: Day,
    isBonus: Bool = false,
    from account: PostingAccount,
    type: PostingType = .earn
  ) throws(LedgerRefusal) -> [Posting] {
    try receive([Lot(expiresOn: day, isBonus: isBonus, amount: amount)], from: account, type: type)
  }

  /// Gives the member slices, such as another member gave away: they stay what they are. At least one, sorted, one per key.
  ///
  /// - Throws: `tooLarge`.
  mutating func receive(
    _ slices: [Lot],
    from account: PostingAccount = .transfer,
    type: PostingType = .transferIn
  ) throws(LedgerRefusal) -> [Posting] {
    precondition(!account.isMembers, "what a member receives comes from the programme")
    let amount = try Self.sum(slices)
    try checkRoom(for: amount, payingDebt: true)
    if type.countsAsEarned {
      try checkEarned(adding: amount)
      lifetimeEarned += amount
    }
    let added = arrive(slices)
    assert(isSound)
    return [Posting(type: type, from: account, to: .available, amount: amount, available: available, lots: added)]
  }

  /// What slices add up to. At least one, sorted, one per key.
  static func sum(_ slices: [Lot]) throws(LedgerRefusal) -> Int64 {
    precondition(!slices.isEmpty, "there is at least one slice")
    var sum: Int64 = 0
    var previous: LotKey?
    for slice in slices {
      precondition(slice.amount > 0, "amounts are more than 0")
      precondition(previous.map { $0 < slice.key } ?? true, "slices are sorted, one per key")
      previous = slice.key
      let (next, overflow) = sum.addingReportingOverflow(slice.amount)
      guard !overflow else { throw .tooLarge }
      sum = next
    }
    return sum
  }
}
