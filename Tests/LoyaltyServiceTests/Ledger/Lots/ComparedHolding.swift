import Basics
import Foundation

@testable import LoyaltyService

/// A holding and its model, which go through the same history; and the sums of all postings by account.
struct ComparedHolding {
  var history: LedgerHistory
  private(set) var holding = Holding.empty
  /// What the latest operation came to.
  private(set) var outcome = LedgerOutcome.done([])
  private var model = HoldingModel()
  private var settles = true
  private var postings: [Posting] = []
  /// By the raw value of the account.
  private var sums = [Int128](repeating: 0, count: PostingAccount.allCases.count + 1)

  init(history: LedgerHistory) { self.history = history }

  /// Applies the next operation to both; says what is wrong if they come to different things.
  mutating func step() -> String? {
    let operation: LedgerOperation
    if settles, let settlement = history.settlesFirst() {
      operation = settlement
      settles = false
    } else {
      operation = history.next(model)
      settles = true
    }
    let before = holding
    let expected = model.outcome(of: operation)
    outcome = holding.outcome(of: operation)
    history.remember(outcome.postings)
    postings += outcome.postings
    if outcome != expected { return "\(before)\n\(operation)\ncame to \(outcome)\ninstead of \(expected)" }
    if case .settle(let time) = operation, holding.nextDue.isDue(at: time) {
      return "\(holding) is due after \(operation)"
    }
    if outcome.postings.isEmpty {
      // Then there is no need to compare it with the model again, which is what makes a million operations quick.
      return holding == before ? nil : "\(operation) came to \(outcome), and changed \(before)\nto \(holding)"
    }
    if holding != model.holding { return "\(before)\n\(operation)\nmade it \(holding)\ninstead of \(model.holding)" }
    if holding.nextDue != model.nextDue { return "\(holding) is due \(holding.nextDue), not \(model.nextDue)" }
    if !holding.isSound { return "\(before)\n\(operation)\nmade it unsound: \(holding)" }
    return checkSums(operation, before: before)
  }

  /// What is wrong with what the postings alone say of the holding: each lot, bonus and other, is what they put into it.
  var pastDifference: String? {
    let past = PastHolding(after: postings, today: Day(rawValue: .min))
    let isRight =
      past.lots == holding.lots && past.available == holding.available && past.held == holding.held
      && past.pending == holding.pendingTotal && past.lifetimeEarned == holding.lifetimeEarned
      && past.lifetimeSpent == holding.lifetimeSpent && past.refundable == holding.refundable
    return isRight ? nil : "\(postings)\nadd up to \(past)\ninstead of \(holding)"
  }

  /// Each account is the sum of its postings, and each posting says what could be spent after it.
  private mutating func checkSums(_ operation: LedgerOperation, before: Holding) -> String? {
    var available = before.available
    for posting in outcome.postings {
      if posting.amount <= 0 { return "\(operation) made a posting of nothing: \(posting)" }
      sums[Int(posting.from.rawValue)] -= Int128(posting.amount)
      sums[Int(posting.to.rawValue)] += Int128(posting.amount)
      if posting.from == .available { available -= posting.amount }
      if posting.to == .available { available += posting.amount }
      if posting.available != available { return "\(posting) should say that \(available) is available" }
    }
    let owned: [(PostingAccount, Int64)] = [
      (.available, holding.available), (.pending, holding.pendingTotal), (.held, holding.held),
    ]
    for (account, balance) in owned where sums[Int(account.rawValue)] != Int128(balance) {
      return "\(account) is \(balance), and the sum of its postings is \(sums[Int(account.rawValue)])"
    }
    return sums.reduce(0, +) == 0 ? nil : "all postings do not add up to zero: \(sums)"
  }
}
