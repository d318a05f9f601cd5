import Basics
import Foundation

extension Holding {
  /// Gives the member so much, spendable later: from an instant on, or when an event comes.
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
