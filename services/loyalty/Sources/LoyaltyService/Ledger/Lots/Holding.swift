import Basics
import Foundation

/// What one member holds of one asset, as a value: operations are applied to it, one after the other.
///
/// Every operation is atomic: it throws a `LedgerRefusal` and changes nothing, or it returns the postings that record what
/// it did, in order. Amounts are more than 0. Callers settle first, with the time they decide at; an operation does not
/// know the time, and what `release` or `activate` bring back may be over its last day, so whoever reads settles first too.
struct Holding: Sendable, Hashable {
  /// How many holds one member may have at a time. Each is a spending under way; it bounds what is read and written.
  static let holdsAllowed = 64
  /// How many pending lots one member may have at a time: thirty purchases a day, for a month. Bounds what is read too.
  static let pendingAllowed = 1024

  /// What can be spent now, by lots. Empty if there is a debt.
  var spendable: LotList
  /// What the member owes, because a return took more than there was; not negative. What arrives pays it first.
  var debt: Int64
  /// What becomes spendable later, in the order in which it does; what waits for an event comes last.
  var pending: [PendingLot]
  /// What is set aside, in the order in which it releases itself.
  var holds: [Hold]
  /// The sum of `pending`.
  var pendingTotal: Int64
  /// The sum of `holds`.
  var held: Int64
  /// All that was ever earned and became spendable; what returns took back is left out.
  var lifetimeEarned: Int64
  /// All that was ever spent; what returns gave back is left out.
  var lifetimeSpent: Int64

  static let empty = Holding(lots: [], debt: 0, pending: [], holds: [], lifetimeEarned: 0, lifetimeSpent: 0)

  /// A holding as it was stored, with everything in the order in which it was. Whether it is right is for `isSound` to decide.
  init(
    lots: [Lot],
    debt: Int64,
    pending: [PendingLot],
    holds: [Hold],
    lifetimeEarned: Int64,
    lifetimeSpent: Int64
  ) {
    spendable = LotList(lots)
    self.debt = debt
    self.pending = pending
    self.holds = holds
    pendingTotal = pending.reduce(0) { $0 &+ $1.amount }
    held = holds.reduce(0) { $0 &+ $1.amount }
    self.lifetimeEarned = lifetimeEarned
    self.lifetimeSpent = lifetimeSpent
  }

  /// What can be spent now, by lots: sorted by key, each key once.
  var lots: [Lot] { spendable.lots }

  /// What the member can spend now; below zero if there is a debt.
  var available: Int64 { spendable.total - debt }

  /// What can be paid out now, of money: what was paid in. It is no bonus, and is not held.
  var refundable: Int64 { spendable.withoutBonus }

  /// When time next changes it.
  var nextDue: NextDue {
    NextDue(
      day: spendable.soonest,
      instant: min(holds.first?.expiresAt ?? .never, pending.first?.activates.instant ?? .never)
    )
  }
}

/// An amount that is set aside for a spending that is under way.
///
/// It does not expire while it is held, and can be captured after its last day; released after it, it expires at once.
struct Hold: Sendable, Hashable {
  /// The request that set it aside.
  var id: UUID
  /// The slices taken out of the spendable lots; never empty.
  var slices: LotList
  /// When it releases itself.
  var expiresAt: Instant

  /// A hold of these slices: sorted by key, each key once.
  init(id: UUID, lots: [Lot], expiresAt: Instant) {
    self.id = id
    slices = LotList(lots)
    self.expiresAt = expiresAt
  }

  /// The slices, in the order in which lots are spent.
  var lots: [Lot] { slices.lots }

  /// How much is held; more than 0.
  var amount: Int64 { slices.total }
}

/// When time next changes a holding, if nothing else does.
struct NextDue: Sendable, Hashable {
  /// The last day of the lot that expires soonest; `never` if no lot expires.
  var day: Day
  /// When the next hold runs out or the next pending lot ripens; `never` if none does.
  var instant: Instant

  /// Whether it is time: the day is over, or the instant has come.
  func isDue(at time: LedgerTime) -> Bool {
    day < time.today || instant <= time.now && instant != .never
  }
}

extension Holding {
  /// Whether everything that is always true of a holding is: lots in order, sums right, nothing negative but what can be
  /// spent by a debt, and no sum that could overflow. Every account that is read is validated by it; debug builds assert it
  /// after each operation.
  var isSound: Bool {
    spendable.isSound && debt >= 0 && (debt == 0 || spendable.isEmpty)
      && pendingIsSound && holdsAreSound
      && lifetimeEarned >= 0 && lifetimeSpent >= 0
      && !lifetimeEarned.addingReportingOverflow(pendingTotal).overflow
      && ownedFits
  }

  private var ownedFits: Bool {
    let (own, overflow) = spendable.total.addingReportingOverflow(held)
    return !overflow && !own.addingReportingOverflow(pendingTotal).overflow
  }

  private var pendingIsSound: Bool {
    var sum: Int64 = 0
    for (index, lot) in pending.enumerated() {
      let (next, overflow) = sum.addingReportingOverflow(lot.amount)
      guard lot.amount > 0, !overflow else { return false }
      sum = next
      guard index == 0 || pending[index - 1].activates.instant <= lot.activates.instant else { return false }
    }
    return sum == pendingTotal && (pending.count < 2 || Set(pending.map(\.id)).count == pending.count)
  }

  private var holdsAreSound: Bool {
    var sum: Int64 = 0
    for (index, hold) in holds.enumerated() {
      let (next, overflow) = sum.addingReportingOverflow(hold.amount)
      guard hold.slices.isSound, hold.amount > 0, !overflow else { return false }
      sum = next
      guard index == 0 || holds[index - 1].expiresAt <= hold.expiresAt else { return false }
    }
    return sum == held && (holds.count < 2 || Set(holds.map(\.id)).count == holds.count)
  }
}
