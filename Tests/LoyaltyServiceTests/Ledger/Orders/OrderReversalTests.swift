import Basics
import Foundation
import Testing

@testable import LoyaltyService

@Suite("Taking a whole receipt back, as a pure rule (M7)")
struct OrderReversalTests {
  private let time = LedgerTime(now: Instant(rawValue: 0), today: Day(rawValue: 100))

  private func reversal(
    earned: Int64,
    redeemed: [Lot] = [],
    of holding: Holding
  ) throws -> OrderReversal {
    try OrderReversal(
      pointsEarned: earned,
      pointsLeft: earned,
      earnedUntil: .never,
      orderID: UUID(),
      redeemed: redeemed,
      holding: holding,
      rule: .first,
      at: time
    )
  }

  @Test("takes what the order earned and returns what it redeemed (M7)")
  func undoes() throws {
    var holding = try Holding.earned(500)
    let redeemed = try holding.spend(300, to: .redeemed)
    _ = try holding.earn(7, expiresOn: .never, from: .issued)
    let reversal = try reversal(earned: 7, redeemed: redeemed[0].lots, of: holding)
    #expect(reversal.pointsTaken == 7)
    #expect(reversal.pointsReturned == 300)
    #expect(reversal.pointsShort == 0)
    #expect(reversal.holding.available == 500)
    #expect(reversal.holding.lifetimeEarned == 500)
    #expect(reversal.holding.lifetimeSpent == 0)
  }

  @Test("never takes more than the member has, and reports what is missing (M7)")
  func takesWithinBalance() throws {
    var holding = try Holding.earned(100)
    _ = try holding.spend(100, to: .redeemed)
    let reversal = try reversal(earned: 100, of: holding)
    #expect(reversal.pointsTaken == 0)
    #expect(reversal.pointsShort == 100)
    #expect(reversal.postings.isEmpty)
  }

  @Test("returned points count before earned points are taken (M7)")
  func returnsFirst() throws {
    var holding = try Holding.earned(300)
    let redeemed = try holding.spend(300, to: .redeemed)
    let reversal = try reversal(earned: 7, redeemed: redeemed[0].lots, of: holding)
    #expect(reversal.pointsTaken == 7)
    #expect(reversal.holding.available == 293)
    #expect(reversal.postings.map(\.type) == [.redeemReversal, .earnReversal])
  }

  @Test("returned points go back into the very lots they came from; what has expired meanwhile expires at once (M3)")
  func restoresLots() throws {
    var holding = Holding.empty
    _ = try holding.earn(50, expiresOn: Day(rawValue: 99), from: .issued)
    _ = try holding.earn(50, expiresOn: Day(rawValue: 200), from: .issued)
    let redeemed = try holding.spend(80, to: .redeemed)
    let reversal = try reversal(earned: 0, redeemed: redeemed[0].lots, of: holding)
    #expect(reversal.pointsReturned == 80)
    #expect(reversal.holding.lots == [Lot(expiresOn: Day(rawValue: 200), amount: 50)])
    #expect(reversal.postings.map(\.type) == [.redeemReversal, .expire])
  }
}
