import Basics
import Foundation

@testable import LoyaltyService

/// A holding, slow and obvious: parcels that are never merged, each with its own expiry, bonus or not, and its place. Every
/// sum is taken anew, in 128 bits, and every choice is a search through all parcels.
struct HoldingModel {
  /// Where a parcel is.
  enum Place: Equatable {
    case available
    case pending(UUID, Activation)
    case held(UUID, Instant)
  }

  struct Parcel {
    var day: Day
    var isBonus = false
    var amount: Int64
    var place: Place

    var lot: Lot { Lot(expiresOn: day, isBonus: isBonus, amount: amount) }
  }

  /// In the order in which they came to their place.
  var parcels: [Parcel] = []
  var debt: Int64 = 0
  var earned: Int64 = 0
  var spent: Int64 = 0

  // MARK: What it adds up to

  /// The sum of the parcels for which it is true.
  func sum(_ isMeant: (Place) -> Bool) -> Int128 {
    var sum: Int128 = 0
    for parcel in parcels where isMeant(parcel.place) { sum += Int128(parcel.amount) }
    return sum
  }

  var available: Int64 { Int64(sum { $0 == .available } - Int128(debt)) }

  /// The parcels of a place, merged by day, and bonus apart from what is none.
  func lots(_ isMeant: (Place) -> Bool) -> [Lot] {
    Self.merged(parcels.filter { isMeant($0.place) }.map(\.lot))
  }

  /// Whether bonus is spent before what is none, then what expires sooner before what expires later.
  static func isSpentBefore(_ one: Lot, _ other: Lot) -> Bool {
    one.isBonus == other.isBonus ? one.expiresOn < other.expiresOn : one.isBonus
  }

  static func merged(_ slices: [Lot]) -> [Lot] {
    var lots: [Lot] = []
    for slice in slices.sorted(by: isSpentBefore) {
      if lots.last?.expiresOn == slice.expiresOn, lots.last?.isBonus == slice.isBonus {
        lots[lots.count - 1].amount += slice.amount
      } else {
        lots.append(slice)
      }
    }
    return lots
  }

  /// The holds, the one that runs out first before the others; of several, the oldest.
  var holds: [Hold] {
    var holds: [Hold] = []
    for parcel in parcels {
      guard case .held(let id, let instant) = parcel.place, !holds.contains(where: { $0.id == id }) else { continue }
      let hold = Hold(id: id, lots: lots(Self.isHeld(by: id)), expiresAt: instant)
      holds.insert(hold, at: holds.firstIndex { $0.expiresAt > instant } ?? holds.count)
    }
    return holds
  }

  /// The pending lots, the one that ripens first before the others; of several, the oldest.
  var pending: [PendingLot] {
    var lots: [PendingLot] = []
    for parcel in parcels {
      guard case .pending(let id, let activation) = parcel.place else { continue }
      let lot = PendingLot(id: id, amount: parcel.amount, expiresOn: parcel.day, activates: activation)
      lots.insert(lot, at: lots.firstIndex { $0.activates.instant > activation.instant } ?? lots.count)
    }
    return lots
  }

  /// What a holding must be by now.
  var holding: Holding {
    Holding(
      lots: lots { $0 == .available },
      debt: debt,
      pending: pending,
      holds: holds,
      lifetimeEarned: earned,
      lifetimeSpent: spent
    )
  }

  /// When time next changes it.
  var nextDue: NextDue {
    var due = NextDue(day: .never, instant: .never)
    for parcel in parcels {
      switch parcel.place {
      case .available: due.day = min(due.day, parcel.day)
      case .pending(_, let activation): due.instant = min(due.instant, activation.instant)
      case .held(_, let instant): due.instant = min(due.instant, instant)
      }
    }
    return due
  }

  static func isHeld(by id: UUID) -> (Place) -> Bool {
    { place in
      guard case .held(id, _) = place else { return false }
      return true
    }
  }

  static func isPending(of id: UUID) -> (Place) -> Bool {
    { place in
      guard case .pending(id, _) = place else { return false }
      return true
    }
  }

  // MARK: How parcels move

  /// Takes an amount in the order in which it is spent, but of one day, no bonus, before all others if it is given.
  mutating func take(_ amount: Int64, of isMeant: (Place) -> Bool, first preferred: Day? = nil) -> [Lot] {
    take(amount, from: { isMeant($0.place) }, first: preferred)
  }

  /// Takes an amount of the parcels for which it is true.
  mutating func take(_ amount: Int64, from isMeant: (Parcel) -> Bool, first preferred: Day? = nil) -> [Lot] {
    var slices: [Lot] = []
    var left = amount
    let isPreferred = { (parcel: Parcel) in parcel.day == preferred && !parcel.isBonus }
    while left > 0 {
      var best: Int?
      for (index, parcel) in parcels.enumerated() where isMeant(parcel) {
        guard let found = best.map({ parcels[$0] }) else {
          best = index
          continue
        }
        if isPreferred(found) { continue }
        if isPreferred(parcel) || Self.isSpentBefore(parcel.lot, found.lot) { best = index }
      }
      guard let best else { preconditionFailure("more is taken than there is") }
      let taken = min(left, parcels[best].amount)
      var slice = parcels[best].lot
      slice.amount = taken
      slices.append(slice)
      parcels[best].amount -= taken
      left -= taken
      if parcels[best].amount == 0 { parcels.remove(at: best) }
    }
    return Self.merged(slices)
  }

  /// Puts slices into what can be spent; what pays debt is gone. Returns the rest.
  mutating func arrive(_ slices: [Lot]) -> [Lot] {
    var added: [Lot] = []
    for slice in Self.merged(slices) {
      let paid = min(debt, slice.amount)
      debt -= paid
      guard slice.amount > paid else { continue }
      var rest = slice
      rest.amount -= paid
      added.append(rest)
      parcels.append(
        Parcel(day: rest.expiresOn, isBonus: rest.isBonus, amount: rest.amount, place: .available)
      )
    }
    return added
  }

  func posting(
    _ type: PostingType,
    _ from: PostingAccount,
    _ to: PostingAccount,
    _ amount: Int64,
    _ lots: [Lot],
    _ reference: UUID? = nil
  ) -> Posting {
    Posting(type: type, from: from, to: to, amount: amount, available: available, lots: lots, reference: reference)
  }
}
