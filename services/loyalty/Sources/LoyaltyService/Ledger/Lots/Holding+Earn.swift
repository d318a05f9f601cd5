import Basics

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

extension Holding {
  /// Puts slices into what can be spent, and returns the lots that it added: what pays debt becomes no lot.
  ///
  /// Slices are in order, so debt is paid with what expires soonest, as if it were spent. There must be room.
  mutating func arrive(_ slices: [Lot]) -> [Lot] {
    guard debt > 0 else {
      for slice in slices { spendable.add(slice) }
      return slices
    }
    var added: [Lot] = []
    for slice in slices {
      let paid = min(debt, slice.amount)
      debt -= paid
      guard slice.amount > paid else { continue }
      var lot = slice
      lot.amount -= paid
      spendable.add(lot)
      added.append(lot)
    }
    return added
  }

  /// Refuses what would make all that the member holds too large for 64 bits.
  ///
  /// Moving between the member's own accounts then never overflows, whatever order time brings it in.
  func checkRoom(for amount: Int64, payingDebt: Bool) throws(LedgerRefusal) {
    let added = payingDebt ? amount - min(debt, amount) : amount
    let owned = spendable.total + held + pendingTotal
    guard !owned.addingReportingOverflow(added).overflow else { throw .tooLarge }
  }

  /// Refuses what would make all that was ever earned too large for 64 bits. What is pending will be earned.
  func checkEarned(adding amount: Int64) throws(LedgerRefusal) {
    let promised = lifetimeEarned + pendingTotal
    guard !promised.addingReportingOverflow(amount).overflow else { throw .tooLarge }
  }

  /// All that was ever spent with so much more of it.
  func spent(adding amount: Int64) throws(LedgerRefusal) -> Int64 {
    let (sum, overflow) = lifetimeSpent.addingReportingOverflow(amount)
    guard !overflow else { throw .tooLarge }
    return sum
  }
}
