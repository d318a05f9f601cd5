import Foundation

extension Holding {
  /// Whether everything that is always true of a holding is: lots in order, sums right, nothing negative but what can be
  /// spent by a debt, and no sum that could overflow. The store checks it on every account that it reads; what operations
  /// make of a sound holding is sound, which debug builds check after each.
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
