import Basics
import Foundation

/// An amount of an asset that is spent together: it has one last day, and it is bonus or it is not.
struct Lot: Sendable, Hashable {
  /// The last day on which it can be spent.
  var expiresOn: Day
  /// Whether the programme gave it on top of money that was paid in: it is spent before that money, and is never paid out.
  var isBonus = false
  /// How much there is; more than 0.
  var amount: Int64

  /// What two slices have in common that are one lot.
  var key: LotKey { LotKey(expiresOn: expiresOn, isBonus: isBonus) }
}

/// Names a lot among those of an account. In the order in which lots are spent: bonus first, then by their last day.
///
/// The raw value is what is stored: the day, less 2^32 if it is bonus.
struct LotKey: RawRepresentable, Sendable, Hashable, Comparable {
  let rawValue: Int64

  private static let bonusOffset: Int64 = 1 << 32

  init(expiresOn day: Day, isBonus: Bool) {
    rawValue = Int64(day.rawValue) - (isBonus ? Self.bonusOffset : 0)
  }

  /// A key as it was stored; nil if it is none.
  init?(rawValue: Int64) {
    guard Int32(exactly: rawValue) != nil || Int32(exactly: rawValue &+ Self.bonusOffset) != nil else { return nil }
    self.rawValue = rawValue
  }

  var isBonus: Bool { rawValue < Int64(Int32.min) }

  /// The last day on which the lot can be spent.
  var expiresOn: Day { Day(rawValue: Int32(truncatingIfNeeded: rawValue)) }

  static func < (left: LotKey, right: LotKey) -> Bool { left.rawValue < right.rawValue }
}

/// Lots in the order in which they are spent, and their sum: bonus first, then the soonest to expire first; one for each key.
///
/// Sums do not overflow: `Holding.checkRoom` has made sure that there is room before anything is added.
struct LotList: Sendable, Hashable {
  /// Sorted by key, each key once, amounts more than 0.
  private(set) var lots: [Lot]
  /// What they add up to.
  private(set) var total: Int64

  static let empty = LotList([])

  /// A list as it was stored. Whether it is in order is for `isSound` to decide.
  init(_ lots: [Lot]) {
    self.lots = lots
    total = lots.reduce(0) { $0 &+ $1.amount }
  }

  var isEmpty: Bool { lots.isEmpty }

  /// The last day of the lot that expires soonest; `never` if there is none.
  var soonest: Day {
    guard let first = lots.first else { return .never }
    guard first.isBonus, let paidIn = lots.first(where: { !$0.isBonus }) else { return first.expiresOn }
    return min(first.expiresOn, paidIn.expiresOn)
  }

  /// What is no bonus.
  var withoutBonus: Int64 { lots.reduce(0) { $1.isBonus ? $0 : $0 + $1.amount } }

  /// Adds `lot` to the lot of its key, or makes that lot.
  mutating func add(_ lot: Lot) {
    // From the back, because what is new usually expires last.
    var index = lots.endIndex
    while index > 0, lots[index - 1].key > lot.key { index -= 1 }
    if index > 0, lots[index - 1].key == lot.key {
      lots[index - 1].amount += lot.amount
    } else {
      lots.insert(lot, at: index)
    }
    total += lot.amount
  }

  /// Removes `amount`, in the order of the lots, and returns the slices. Precondition: `amount <= total`.
  mutating func take(_ amount: Int64) -> [Lot] {
    take(amount, from: lots.startIndex)
  }

  /// Removes `amount` of what is no bonus, the soonest to expire first, and returns the slices.
  /// Precondition: `amount <= withoutBonus`.
  mutating func takeWithoutBonus(_ amount: Int64) -> [Lot] {
    take(amount, from: lots.firstIndex { !$0.isBonus } ?? lots.endIndex)
  }

  private mutating func take(_ amount: Int64, from first: Int) -> [Lot] {
    precondition(amount >= 0 && amount <= total, "more is taken than there is")
    var left = amount
    var end = first
    while left > 0, lots[end].amount <= left {
      left -= lots[end].amount
      end += 1
    }
    var slices = Array(lots[first..<end])
    if left > 0 {
      var slice = lots[end]
      slice.amount = left
      slices.append(slice)
      lots[end].amount -= left
    }
    lots.removeSubrange(first..<end)
    total -= amount
    return slices
  }

  /// Removes `amount`, or as much as there is, of the lot of a key, and returns the slice; nil if there is none.
  mutating func take(_ amount: Int64, of key: LotKey) -> Lot? {
    guard amount > 0, let index = lots.firstIndex(where: { $0.key == key }) else { return nil }
    var slice = lots[index]
    slice.amount = min(amount, slice.amount)
    lots[index].amount -= slice.amount
    if lots[index].amount == 0 { lots.remove(at: index) }
    total -= slice.amount
    return slice
  }

  /// Removes all lots whose last day is before `today`, and returns them.
  mutating func takeExpired(before today: Day) -> [Lot] {
    let slices = lots.filter { $0.expiresOn < today }
    lots.removeAll { $0.expiresOn < today }
    for slice in slices { total -= slice.amount }
    return slices
  }

  /// Whether the lots are in order and add up.
  var isSound: Bool {
    var sum: Int64 = 0
    var previous: LotKey?
    for lot in lots {
      if let previous, lot.key <= previous { return false }
      let (next, overflow) = sum.addingReportingOverflow(lot.amount)
      guard lot.amount > 0, !overflow else { return false }
      sum = next
      previous = lot.key
    }
    return sum == total
  }
}

/// An amount that was earned and cannot be spent yet.
///
/// It does not expire while it is pending; if its last day is over when it becomes spendable, it expires then.
struct PendingLot: Sendable, Hashable {
  /// The request that earned it.
  var id: UUID
  /// How much; more than 0.
  var amount: Int64
  /// The last day on which it can be spent.
  var expiresOn: Day
  /// What makes it spendable.
  var activates: Activation

  /// The slice of lots that it is.
  var slice: Lot { Lot(expiresOn: expiresOn, amount: amount) }
}
