/// Lots in the order in which they are spent: soonest to expire first, one per day, and their sum.
///
/// Sums do not overflow: whoever adds has made sure that there is room (see `Holding.checkRoom`).
struct LotList: Sendable, Hashable {
  /// Sorted by expiry, one per day, amounts more than 0.
  private(set) var lots: [Lot]
  /// What they add up to.
  private(set) var total: Int64

  static let empty = LotList([])

  /// A list as it was stored. Whether it is in order is for `isSound` to say.
  init(_ lots: [Lot]) {
    self.lots = lots
    total = lots.reduce(0) { $0 &+ $1.amount }
  }

  var isEmpty: Bool { lots.isEmpty }

  /// The last day of the lot that expires soonest; `never` if there is none.
  var soonest: Day { lots.first?.expiresOn ?? .never }

  /// Adds to the lot of that day, or makes one.
  mutating func add(_ lot: Lot) {
    // From the back, because what is new usually expires last.
    var index = lots.endIndex
    while index > 0, lots[index - 1].expiresOn > lot.expiresOn { index -= 1 }
    if index > 0, lots[index - 1].expiresOn == lot.expiresOn {
      lots[index - 1].amount += lot.amount
    } else {
      lots.insert(lot, at: index)
    }
    total += lot.amount
  }

  /// Takes so much, the soonest to expire first, and returns the slices. There must be so much.
  mutating func take(_ amount: Int64) -> [Lot] {
    precondition(amount >= 0 && amount <= total, "more is taken than there is")
    var left = amount
    var whole = 0
    while left > 0, lots[whole].amount <= left {
      left -= lots[whole].amount
      whole += 1
    }
    var slices = Array(lots[..<whole])
    if left > 0 {
      slices.append(Lot(expiresOn: lots[whole].expiresOn, amount: left))
      lots[whole].amount -= left
    }
    lots.removeFirst(whole)
    total -= amount
    return slices
  }

  /// Takes so much, or as much as there is, from the lot of one day; nil if there is none.
  mutating func take(_ amount: Int64, expiringOn day: Day) -> Lot? {
    guard amount > 0, let index = lots.firstIndex(where: { $0.expiresOn == day }) else { return nil }
    let slice = Lot(expiresOn: day, amount: min(amount, lots[index].amount))
    lots[index].amount -= slice.amount
    if lots[index].amount == 0 { lots.remove(at: index) }
    total -= slice.amount
    return slice
  }

  /// Takes all lots whose last day is before this one.
  mutating func takeExpired(before today: Day) -> [Lot] {
    let count = lots.firstIndex { $0.expiresOn >= today } ?? lots.count
    let slices = Array(lots[..<count])
    lots.removeFirst(count)
    for slice in slices { total -= slice.amount }
    return slices
  }

  /// Whether the lots are in order and add up.
  var isSound: Bool {
    var sum: Int64 = 0
    var previous: Day?
    for lot in lots {
      if let previous, lot.expiresOn <= previous { return false }
      let (next, overflow) = sum.addingReportingOverflow(lot.amount)
      guard lot.amount > 0, !overflow else { return false }
      sum = next
      previous = lot.expiresOn
    }
    return sum == total
  }
}
