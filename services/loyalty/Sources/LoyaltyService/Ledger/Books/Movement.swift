import Basics
import Foundation

/// What happens to one member's accounts of one asset.
struct Movement: Sendable, Hashable {
  var asset: AssetID
  /// Whether the asset is money.
  var isMoney = false
  var operation: Operation
  /// Who did it by hand, and why; nil if nobody did.
  var adjustment: Adjustment?

  /// Amounts are more than 0.
  enum Operation: Sendable, Hashable {
    /// Given by the programme, to be spent to the end of a day; at once, or when something makes it spendable.
    case credit(Int64, expiresOn: Day, activates: Activation?)
    /// Spent: bonus first, then soonest lots first.
    case debit(Int64)
    /// Pending, and spendable from now on.
    case activate(UUID)
    /// Pending, and never to be spendable.
    case cancel(UUID)
    /// Set aside for so long.
    case hold(Int64, timeToLive: Duration)
    /// Held, and spent: all of it if no amount is named.
    case capture(UUID, Int64?, keepsRest: Bool)
    /// Held, and spendable again.
    case release(UUID)
    /// Given by staff, to be spent to the end of a day. Of money it is bonus: nobody paid it in.
    case give(Int64, expiresOn: Day)
    /// Taken by staff.
    case take(Int64)
    /// Money paid in, and what the programme adds to it, which may be 0.
    case deposit(Int64, bonus: Int64, bonusExpiresOn: Day)
    /// Money paid out, of what was paid in.
    case withdraw(Int64)
  }

  /// What staff say of a correction.
  struct Adjustment: Sendable, Hashable {
    var reason: String
    var staffID: String
    /// Empty if nobody had to approve it.
    var approverID: String
  }
}

extension Movement {
  /// Does it to what the member holds; `id` is the request's. What it brings back whose last day is over expires with it.
  func apply(to holding: inout Holding, id: UUID, at time: LedgerTime) throws(LedgerRefusal) -> [Posting] {
    var postings = try operate(on: &holding, id: id, at: time)
    let due = holding.settle(at: time)
    if !due.isEmpty { postings += due }
    return postings
  }

  private func operate(on holding: inout Holding, id: UUID, at time: LedgerTime) throws(LedgerRefusal) -> [Posting] {
    switch operation {
    case .credit(let amount, let day, nil):
      return try holding.earn(amount, expiresOn: day, from: .issued)
    case .credit(let amount, let day, let activation?):
      return try holding.pend(amount, id: id, expiresOn: day, activates: activation, from: .issued)
    case .debit(let amount):
      return try holding.spend(amount, to: .redeemed)
    case .activate(let pendingID):
      return try holding.activate(pendingID)
    case .cancel(let pendingID):
      return try holding.cancel(pendingID, to: .issued)
    case .hold(let amount, let timeToLive):
      return try holding.hold(amount, id: id, expiresAt: time.now + timeToLive)
    case .capture(let holdID, let amount, let keepsRest):
      guard let amount = amount ?? holding.holds.first(where: { $0.id == holdID })?.amount else { throw .holdNotFound }
      return try holding.capture(holdID, amount: amount, to: .redeemed, releasesRest: !keepsRest)
    case .release(let holdID):
      return try holding.release(holdID)
    case .give(let amount, let day):
      return try holding.earn(amount, expiresOn: day, isBonus: isMoney, from: .compensation, type: .adjust)
    case .take(let amount):
      return try holding.spend(amount, to: .compensation, type: .adjust)
    case .deposit(let amount, let bonus, let bonusDay):
      var changed = holding
      var postings = try changed.earn(amount, expiresOn: .never, from: .storedValueFloat, type: .deposit)
      if bonus > 0 {
        postings += try changed.earn(bonus, expiresOn: bonusDay, isBonus: true, from: .giftBonus, type: .deposit)
      }
      holding = changed
      return postings
    case .withdraw(let amount):
      return try holding.withdraw(amount)
    }
  }
}
