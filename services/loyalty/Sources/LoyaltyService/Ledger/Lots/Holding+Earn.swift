import Basics
import Foundation

extension Holding {
  /// Gives the member `amount`, spendable at once to the end of a day.
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

  /// Gives the member slices, such as another member gave away: they stay what they are. Precondition: at least one, sorted,
  /// one per key.
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

  /// What slices add up to. Precondition: at least one, sorted, one per key.
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
  /// Slices are in order, so debt is paid with what expires soonest, as if it were spent. Precondition: there is room.
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

  /// All that was ever spent, and `amount` more.
  func spent(adding amount: Int64) throws(LedgerRefusal) -> Int64 {
    let (sum, overflow) = lifetimeSpent.addingReportingOverflow(amount)
    guard !overflow else { throw .tooLarge }
    return sum
  }
}

extension Holding {
  /// Gives the member `amount`, spendable later: from an instant on, or when an event comes.
  ///
  /// - Throws: `pendingExists`, `tooManyPending`, `tooLarge`.
  mutating func pend(
    _ amount: Int64,
    id: UUID,
    expiresOn day: Day,
    activates activation: Activation,
    from account: PostingAccount
  ) throws(LedgerRefusal) -> [Posting] {
    precondition(amount > 0, "amounts are more than 0")
    precondition(!account.isMembers, "what a member earns comes from the programme")
    guard !pending.contains(where: { $0.id == id }) else { throw .pendingExists }
    guard pending.count < Self.pendingAllowed else { throw .tooManyPending(allowed: Self.pendingAllowed) }
    try checkRoom(for: amount, payingDebt: false)
    try checkEarned(adding: amount)
    let lot = PendingLot(id: id, amount: amount, expiresOn: day, activates: activation)
    var index = pending.endIndex
    while index > 0, pending[index - 1].activates.instant > activation.instant { index -= 1 }
    pending.insert(lot, at: index)
    pendingTotal += amount
    assert(isSound)
    return [
      Posting(
        type: .pend,
        from: account,
        to: .pending,
        amount: amount,
        available: available,
        lots: [lot.slice],
        reference: id
      )
    ]
  }

  /// Makes a pending lot spendable, whatever it waits for.
  ///
  /// - Throws: `pendingNotFound`.
  mutating func activate(_ id: UUID) throws(LedgerRefusal) -> [Posting] {
    guard let index = pending.firstIndex(where: { $0.id == id }) else { throw .pendingNotFound }
    let posting = activate(at: index)
    assert(isSound)
    return [posting]
  }

  /// Takes a pending lot away: it never becomes spendable.
  ///
  /// - Throws: `pendingNotFound`.
  mutating func cancel(_ id: UUID, to account: PostingAccount) throws(LedgerRefusal) -> [Posting] {
    precondition(!account.isMembers, "what is cancelled goes to the programme")
    guard let index = pending.firstIndex(where: { $0.id == id }) else { throw .pendingNotFound }
    let lot = pending.remove(at: index)
    pendingTotal -= lot.amount
    assert(isSound)
    return [
      Posting(
        type: .cancel,
        from: .pending,
        to: account,
        amount: lot.amount,
        available: available,
        lots: [lot.slice],
        reference: id
      )
    ]
  }

  /// Makes the pending lot at a place in `pending` spendable. It fits, because there was room when it was pended.
  mutating func activate(at index: Int) -> Posting {
    let lot = pending.remove(at: index)
    pendingTotal -= lot.amount
    lifetimeEarned += lot.amount
    let added = arrive([lot.slice])
    return Posting(
      type: .activate,
      from: .pending,
      to: .available,
      amount: lot.amount,
      available: available,
      lots: added,
      reference: lot.id
    )
  }
}

/// What makes a pending lot spendable.
enum Activation: Sendable, Hashable {
  /// An instant: it is spendable from then on.
  case at(Instant)
  /// Somebody says so, whenever that is.
  case onEvent

  /// When time alone makes the lot spendable; never if an event does.
  var instant: Instant {
    switch self {
    case .at(let instant): instant
    case .onEvent: .never
    }
  }
}
