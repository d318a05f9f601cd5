import Basics
import Foundation

extension Holding {
  /// Spends `amount`: bonus first, then the soonest to expire first. The posting names the slices.
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
  /// - Throws: `insufficient` if `amount` cannot be spent, `bonusNotRefundable` if it can and is bonus.
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

extension Holding {
  /// Does what time does: releases holds that ran out, activates what is ripe, then expires lots whose last day is over.
  ///
  /// Reads and the hourly job both call it, and it does not matter how often: holds and pending lots are taken in the order
  /// of their instants, so that a debt is paid by what arrived first, whenever that is noticed. At the same instant holds
  /// come first, and of several the one that was there first. What they bring back may expire at once. An earlier time than
  /// before does nothing. There is no overflow: what the member holds stays the same or shrinks.
  mutating func settle(at time: LedgerTime) -> [Posting] {
    guard nextDue.isDue(at: time) else { return [] }
    var postings: [Posting] = []
    while true {
      let release = holds.first?.expiresAt ?? .never
      let activation = pending.first?.activates.instant ?? .never
      let next = min(release, activation)
      guard next <= time.now, next != .never else { break }
      postings.append(release == next ? self.release(at: 0) : activate(at: 0))
    }
    if let expiry = expire(before: time.today) { postings.append(expiry) }
    assert(isSound)
    return postings
  }

  /// Takes away the lots whose last day is before this one; nil if there are none.
  mutating func expire(before today: Day) -> Posting? {
    guard spendable.soonest < today else { return nil }
    let before = available
    let slices = spendable.takeExpired(before: today)
    return Posting(
      type: .expire,
      from: .available,
      to: .expired,
      amount: before - available,
      available: available,
      lots: slices
    )
  }
}

extension Holding {
  /// Sets `amount` aside, the soonest to expire first, until it is captured or released, or the instant comes.
  ///
  /// - Throws: `holdExists`, `tooManyHolds`, `insufficient`.
  mutating func hold(_ amount: Int64, id: UUID, expiresAt instant: Instant) throws(LedgerRefusal) -> [Posting] {
    precondition(amount > 0, "amounts are more than 0")
    guard !holds.contains(where: { $0.id == id }) else { throw .holdExists }
    guard holds.count < Self.holdsAllowed else { throw .tooManyHolds(allowed: Self.holdsAllowed) }
    guard available >= amount else { throw .insufficient(available: available, needed: amount) }
    let slices = spendable.take(amount)
    var index = holds.endIndex
    while index > 0, holds[index - 1].expiresAt > instant { index -= 1 }
    holds.insert(Hold(id: id, lots: slices, expiresAt: instant), at: index)
    held += amount
    assert(isSound)
    return [
      Posting(
        type: .hold,
        from: .available,
        to: .held,
        amount: amount,
        available: available,
        lots: slices,
        reference: id
      )
    ]
  }

  /// Spends `amount` of a hold, the soonest to expire first. What is left stays held, or is released in a second posting.
  ///
  /// - Throws: `holdNotFound`, `holdTooSmall`, `tooLarge` if all that was ever spent no longer fits.
  mutating func capture(
    _ id: UUID,
    amount: Int64,
    to account: PostingAccount,
    releasesRest: Bool
  ) throws(LedgerRefusal) -> [Posting] {
    precondition(amount > 0, "amounts are more than 0")
    precondition(!account.isMembers, "what a member spends goes to the programme")
    guard let index = holds.firstIndex(where: { $0.id == id }) else { throw .holdNotFound }
    guard holds[index].amount >= amount else { throw .holdTooSmall(held: holds[index].amount, asked: amount) }
    lifetimeSpent = try spent(adding: amount)
    let slices = holds[index].slices.take(amount)
    held -= amount
    var postings = [
      Posting(
        type: .capture,
        from: .held,
        to: account,
        amount: amount,
        available: available,
        lots: slices,
        reference: id
      )
    ]
    if holds[index].slices.isEmpty {
      holds.remove(at: index)
    } else if releasesRest {
      postings.append(release(at: index))
    }
    assert(isSound)
    return postings
  }

  /// Makes what a hold has left spendable again.
  ///
  /// - Throws: `holdNotFound`.
  mutating func release(_ id: UUID) throws(LedgerRefusal) -> [Posting] {
    guard let index = holds.firstIndex(where: { $0.id == id }) else { throw .holdNotFound }
    let posting = release(at: index)
    assert(isSound)
    return [posting]
  }

  /// Releases the hold at a place in `holds`. It fits, because it was the member's all the time.
  mutating func release(at index: Int) -> Posting {
    let hold = holds.remove(at: index)
    held -= hold.amount
    let added = arrive(hold.lots)
    return Posting(
      type: .release,
      from: .held,
      to: .available,
      amount: hold.amount,
      available: available,
      lots: added,
      reference: hold.id
    )
  }
}
