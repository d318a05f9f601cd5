import Foundation
import SeededRandomness
import Testing

@testable import LoyaltyService

@Suite("Random histories of a holding, against a slow and obvious model (M2, M3, M4, M5, M7)")
struct HoldingModelTests {
  /// In all seeds together. A settlement counts.
  private static let operations = 1_000_000
  /// So long is one member's history: long enough for lots to expire, short enough to see many beginnings.
  private static let operationsPerMember = 250

  @Test(
    "Every operation comes to what the model comes to: postings, refusals, balances, lots, holds",
    arguments: SeededRandom.several
  )
  func agrees(seed: SeededRandom) {
    var random = seed
    var left = Self.operations / SeededRandom.several.count + 1
    while left > 0 {
      var member = ComparedHolding(history: LedgerHistory(random: SeededRandom(seed: random.next())))
      for _ in 0..<min(left, Self.operationsPerMember) {
        guard let difference = member.step() else { continue }
        Issue.record("\(seed), \(left) operations before the end: \(difference)")
        return
      }
      if let difference = member.pastDifference {
        Issue.record("\(seed), \(left) operations before the end: \(difference)")
        return
      }
      left -= Self.operationsPerMember
    }
  }

  @Test("Reads that settle at any time and a job that settles once come to the same", arguments: SeededRandom.several)
  func settlesAlike(seed: SeededRandom) {
    var random = seed
    for _ in 0..<50 {
      var member = ComparedHolding(history: LedgerHistory(random: SeededRandom(seed: random.next())))
      for _ in 0..<40 { _ = member.step() }
      // With a debt, it matters which of the points that arrive pay it.
      var often = member.holding
      _ = often.returnEarned(1_000, pendingID: nil, policy: .negativeAllowed(floor: -40), to: .issued)
      let before = often
      var once = before
      var hour: Int64 = 0
      while hour < 1_000 {
        hour += .random(in: 1...30, using: &random)
        _ = often.settle(at: .hour(hour))
      }
      _ = once.settle(at: .hour(hour))
      guard often != once else { continue }
      Issue.record("\(seed): \(before) settled often is \(often), settled once is \(once)")
      return
    }
  }

  @Test("Random histories do everything: each type of posting, each refusal, debts, lots that expire")
  func coversEverything() {
    var types: Set<PostingType> = []
    var refusals: Set<String> = []
    var debts = 0
    for seed in 1...400 {
      var member = ComparedHolding(history: LedgerHistory(random: SeededRandom(seed: UInt64(seed))))
      for _ in 0..<100 {
        _ = member.step()
        types.formUnion(member.outcome.postings.map(\.type))
        if case .refused(let refusal) = member.outcome { refusals.insert(refusal.name) }
        if member.holding.debt > 0 { debts += 1 }
      }
    }
    #expect(types == Set(PostingType.allCases).subtracting([.nothing]))
    let possible = [
      "insufficient", "tooLarge", "holdNotFound", "holdExists", "holdTooSmall", "pendingNotFound", "pendingExists",
      "moreThanSpent", "bonusNotRefundable",
    ]
    #expect(refusals == Set(possible))
    #expect(debts > 500)
  }
}

extension LedgerRefusal {
  /// Its case, without the numbers.
  fileprivate var name: String { String("\(self)".prefix { $0 != "(" }) }
}
