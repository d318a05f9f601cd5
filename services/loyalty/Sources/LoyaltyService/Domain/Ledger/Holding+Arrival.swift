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
