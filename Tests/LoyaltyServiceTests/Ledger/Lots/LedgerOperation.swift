import Basics
import Foundation

@testable import LoyaltyService

/// One operation on a holding, as a value that a failing test can print.
enum LedgerOperation {
  case settle(LedgerTime)
  case receive([Lot], from: PostingAccount, type: PostingType)
  case pend(Int64, id: UUID, expiresOn: Day, activates: Activation)
  case activate(UUID)
  case cancel(UUID)
  case spend(Int64, to: PostingAccount, type: PostingType)
  case withdraw(Int64)
  case hold(Int64, id: UUID, expiresAt: Instant)
  case capture(UUID, amount: Int64, releasesRest: Bool)
  case release(UUID)
  case restore([Lot], at: LedgerTime, rule: RestoreRule)
  case returnEarned(Int64, pendingID: UUID?, expiresOn: Day?, policy: ReturnPolicy)
}

/// What an operation came to.
enum LedgerOutcome: Equatable {
  case done([Posting])
  case takenBack([Posting], taken: Int64, short: Int64)
  case refused(LedgerRefusal)

  var postings: [Posting] {
    switch self {
    case .done(let postings), .takenBack(let postings, _, _): postings
    case .refused: []
    }
  }
}

extension Holding {
  /// Applies an operation.
  mutating func outcome(of operation: LedgerOperation) -> LedgerOutcome {
    do throws(LedgerRefusal) {
      return try apply(operation)
    } catch {
      return .refused(error)
    }
  }

  private mutating func apply(_ operation: LedgerOperation) throws(LedgerRefusal) -> LedgerOutcome {
    switch operation {
    case .settle(let time):
      return .done(settle(at: time))
    case .receive(let lots, let account, let type):
      guard lots.count == 1 else { return .done(try receive(lots, from: account, type: type)) }
      let lot = lots[0]
      return .done(
        try earn(lot.amount, expiresOn: lot.expiresOn, isBonus: lot.isBonus, from: account, type: type)
      )
    case .pend(let amount, let id, let day, let activation):
      return .done(try pend(amount, id: id, expiresOn: day, activates: activation, from: .issued))
    case .activate(let id):
      return .done(try activate(id))
    case .cancel(let id):
      return .done(try cancel(id, to: .issued))
    case .spend(let amount, let account, let type):
      return .done(try spend(amount, to: account, type: type))
    case .withdraw(let amount):
      return .done(try withdraw(amount))
    case .hold(let amount, let id, let instant):
      return .done(try hold(amount, id: id, expiresAt: instant))
    case .capture(let id, let amount, let releasesRest):
      return .done(try capture(id, amount: amount, to: .redeemed, releasesRest: releasesRest))
    case .release(let id):
      return .done(try release(id))
    case .restore(let slices, let time, let rule):
      return .done(try restore(slices, from: .redeemed, at: time, rule: rule))
    case .returnEarned(let amount, let id, let day, let policy):
      let result = returnEarned(amount, pendingID: id, expiresOn: day, policy: policy, to: .issued)
      return .takenBack(result.postings, taken: result.taken, short: result.short)
    }
  }
}
