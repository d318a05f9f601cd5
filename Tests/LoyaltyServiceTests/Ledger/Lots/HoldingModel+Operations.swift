import Basics
import Foundation

@testable import LoyaltyService

extension HoldingModel {
  /// Applies an operation; a refused one changes nothing.
  mutating func outcome(of operation: LedgerOperation) -> LedgerOutcome {
    var next = self
    do throws(LedgerRefusal) {
      let outcome = try next.apply(operation)
      self = next
      return outcome
    } catch {
      return .refused(error)
    }
  }

  private mutating func apply(_ operation: LedgerOperation) throws(LedgerRefusal) -> LedgerOutcome {
    switch operation {
    case .settle(let time):
      return .done(settle(at: time))
    case .receive(let slices, let account, let type):
      let amount = try Self.fitting(slices.reduce(0) { $0 + Int128($1.amount) })
      if type == .earn { earned = try Self.fitting(Int128(earned) + Int128(amount)) }
      let added = arrive(slices)
      try checkFits()
      return .done([posting(type, account, .available, amount, added)])
    case .pend(let amount, let id, let day, let activation):
      guard sum(Self.isPending(of: id)) == 0 else { throw .pendingExists }
      parcels.append(Parcel(day: day, amount: amount, place: .pending(id, activation)))
      try checkFits()
      return .done([posting(.pend, .issued, .pending, amount, [Lot(expiresOn: day, amount: amount)], id)])
    case .activate(let id):
      guard sum(Self.isPending(of: id)) > 0 else { throw .pendingNotFound }
      return .done([activate(id)])
    case .cancel(let id):
      guard sum(Self.isPending(of: id)) > 0 else { throw .pendingNotFound }
      let slices = lots(Self.isPending(of: id))
      parcels.removeAll { Self.isPending(of: id)($0.place) }
      return .done([posting(.cancel, .pending, .issued, slices[0].amount, slices, id)])
    case .spend(let amount, let account, let type):
      guard available >= amount else { throw .insufficient(available: available, needed: amount) }
      if type == .redeem { spent = try Self.fitting(Int128(spent) + Int128(amount)) }
      let slices = take(amount) { $0 == .available }
      return .done([posting(type, .available, account, amount, slices)])
    case .withdraw(let amount):
      guard available >= amount else { throw .insufficient(available: available, needed: amount) }
      let isPaidIn = { (parcel: Parcel) in parcel.place == .available && !parcel.isBonus }
      let refundable = parcels.filter(isPaidIn).reduce(0) { $0 + $1.amount }
      guard refundable >= amount else { throw .bonusNotRefundable(refundable: refundable, needed: amount) }
      let slices = take(amount, from: isPaidIn)
      return .done([posting(.withdraw, .available, .storedValueFloat, amount, slices)])
    case .hold(let amount, let id, let instant):
      guard sum(Self.isHeld(by: id)) == 0 else { throw .holdExists }
      guard available >= amount else { throw .insufficient(available: available, needed: amount) }
      let slices = take(amount) { $0 == .available }
      for slice in slices {
        parcels.append(
          Parcel(day: slice.expiresOn, isBonus: slice.isBonus, amount: slice.amount, place: .held(id, instant))
        )
      }
      return .done([posting(.hold, .available, .held, amount, slices, id)])
    case .capture(let id, let amount, let releasesRest):
      return .done(try capture(id, amount: amount, releasesRest: releasesRest))
    case .release(let id):
      guard sum(Self.isHeld(by: id)) > 0 else { throw .holdNotFound }
      return .done([release(id)])
    case .restore(let slices, let time, let rule):
      return .done(try restore(slices, at: time, rule: rule))
    case .returnEarned(let amount, let id, let day, let policy):
      return returnEarned(amount, id: id, day: day, policy: policy)
    }
  }

  private mutating func settle(at time: LedgerTime) -> [Posting] {
    var postings: [Posting] = []
    while let place = firstDue(at: time.now) {
      switch place {
      case .held(let id, _): postings.append(release(id))
      case .pending(let id, _): postings.append(activate(id))
      case .available: preconditionFailure("what can be spent is not due at an instant")
      }
    }
    if let expiry = expire(before: time.today) { postings.append(expiry) }
    return postings
  }

  /// What is due first by now: the earliest instant; of several, what is held before what is pending, then the oldest.
  private func firstDue(at now: Instant) -> Place? {
    var first: (instant: Instant, place: Place)?
    for pass in 0...1 {
      for parcel in parcels {
        let instant: Instant
        switch parcel.place {
        case .held(_, let expiresAt) where pass == 0: instant = expiresAt
        case .pending(_, .at(let activatesAt)) where pass == 1: instant = activatesAt
        default: continue
        }
        guard instant <= now else { continue }
        if let found = first?.instant, found <= instant { continue }
        first = (instant, parcel.place)
      }
    }
    return first?.place
  }

  private mutating func expire(before today: Day) -> Posting? {
    let isOver = { (parcel: Parcel) in parcel.place == .available && parcel.day < today }
    let slices = Self.merged(parcels.filter(isOver).map(\.lot))
    guard !slices.isEmpty else { return nil }
    parcels.removeAll(where: isOver)
    return posting(.expire, .available, .expired, slices.reduce(0) { $0 + $1.amount }, slices)
  }

  private mutating func activate(_ id: UUID) -> Posting {
    let slices = lots(Self.isPending(of: id))
    parcels.removeAll { Self.isPending(of: id)($0.place) }
    earned += slices[0].amount
    let added = arrive(slices)
    return posting(.activate, .pending, .available, slices[0].amount, added, id)
  }

  private mutating func release(_ id: UUID) -> Posting {
    let slices = lots(Self.isHeld(by: id))
    parcels.removeAll { Self.isHeld(by: id)($0.place) }
    let added = arrive(slices)
    return posting(.release, .held, .available, slices.reduce(0) { $0 + $1.amount }, added, id)
  }

  private mutating func capture(_ id: UUID, amount: Int64, releasesRest: Bool) throws(LedgerRefusal) -> [Posting] {
    let held = Int64(sum(Self.isHeld(by: id)))
    guard held > 0 else { throw .holdNotFound }
    guard held >= amount else { throw .holdTooSmall(held: held, asked: amount) }
    spent = try Self.fitting(Int128(spent) + Int128(amount))
    let slices = take(amount, of: Self.isHeld(by: id))
    let captured = posting(.capture, .held, .redeemed, amount, slices, id)
    return releasesRest && held > amount ? [captured, release(id)] : [captured]
  }

  private mutating func restore(
    _ slices: [Lot],
    at time: LedgerTime,
    rule: RestoreRule
  ) throws(LedgerRefusal) -> [Posting] {
    let amount = try Self.fitting(slices.reduce(0) { $0 + Int128($1.amount) })
    guard amount <= spent else { throw .moreThanSpent(spent: spent, asked: amount) }
    spent -= amount
    var back = slices
    if case .grace(let days) = rule {
      for index in back.indices where back[index].expiresOn < time.today {
        back[index].expiresOn = time.today + days
      }
    }
    let added = arrive(back)
    try checkFits()
    var postings = [posting(.redeemReversal, .redeemed, .available, amount, added)]
    if rule == .expireAtOnce, let expiry = expire(before: time.today) { postings.append(expiry) }
    return postings
  }

  private mutating func returnEarned(_ amount: Int64, id: UUID?, day: Day?, policy: ReturnPolicy) -> LedgerOutcome {
    var postings: [Posting] = []
    var left = amount
    if let id, case let pending = Int64(sum(Self.isPending(of: id))), pending > 0 {
      let slices = take(min(left, pending), of: Self.isPending(of: id))
      left -= slices[0].amount
      postings.append(posting(.earnReversal, .pending, .issued, slices[0].amount, slices, id))
    }
    let lowest: Int128? =
      switch policy {
      case .pendingOnly: nil
      case .withinBalance: 0
      case .negativeAllowed(let floor): Int128(floor)
      }
    let allowed = lowest.map { Int64(clamping: min(Int128(left), Int128(earned), Int128(available) - $0)) } ?? 0
    if allowed > 0 {
      let fromLots = min(allowed, Int64(sum { $0 == .available }))
      let slices = take(fromLots, of: { $0 == .available }, first: day)
      debt += allowed - fromLots
      earned -= allowed
      left -= allowed
      postings.append(posting(.earnReversal, .available, .issued, allowed, slices))
    }
    return .takenBack(postings, taken: amount - left, short: left)
  }

  private static func fitting(_ sum: Int128) throws(LedgerRefusal) -> Int64 {
    guard let sum = Int64(exactly: sum) else { throw .tooLarge }
    return sum
  }

  /// All the member has, and all that will have been earned, fit.
  private func checkFits() throws(LedgerRefusal) {
    _ = try Self.fitting(sum { _ in true })
    _ = try Self.fitting(
      Int128(earned)
        + sum { place in
          guard case .pending = place else { return false }
          return true
        }
    )
  }
}
