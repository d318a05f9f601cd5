import Basics
import Foundation

extension Holding {
  /// Sets so much aside, the soonest to expire first, until it is captured or released, or the instant comes.
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

  /// Spends so much of a hold, the soonest to expire first. What is left stays held, or is released in a second posting.
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
