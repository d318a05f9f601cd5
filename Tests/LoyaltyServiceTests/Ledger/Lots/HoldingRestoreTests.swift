import Testing

@testable import LoyaltyService

@Suite("Giving back what was spent, as a pure rule (M3)")
struct HoldingRestoreTests {
  /// 30 points in three lots, 25 of them spent, and the slices of that.
  private func spent() throws -> (holding: Holding, slices: [Lot]) {
    var holding = try Holding.earned([.lot(10, to: 3), .lot(10, to: 5), .lot(10, to: 9)])
    let postings = try holding.spend(25, to: .redeemed)
    return (holding, postings[0].lots)
  }

  @Test(
    "points go back into the very lots they came from, by either rule (M3)",
    arguments: [.grace(days: 7), .expireAtOnce] as [RestoreRule]
  )
  func restores(rule: RestoreRule) throws {
    var (holding, slices) = try spent()
    #expect(
      try holding.restore(slices, from: .redeemed, at: .day(3), rule: rule) == [
        Posting(
          type: .redeemReversal,
          from: .redeemed,
          to: .available,
          amount: 25,
          available: 30,
          lots: [.lot(10, to: 3), .lot(10, to: 5), .lot(5, to: 9)]
        )
      ]
    )
    #expect(holding.lots == [.lot(10, to: 3), .lot(10, to: 5), .lot(10, to: 9)])
    #expect(holding.lifetimeSpent == 0)
    #expect(holding.lifetimeEarned == 30)
  }

  @Test("with grace, what expired meanwhile can be spent for some more days (M3)")
  func grace() throws {
    var (holding, slices) = try spent()
    let postings = try holding.restore(slices, from: .redeemed, at: .day(6), rule: .grace(days: 2))
    #expect(postings.map(\.type) == [.redeemReversal])
    #expect(postings.map(\.lots) == [[.lot(20, to: 8), .lot(5, to: 9)]])
    #expect(holding.lots == [.lot(20, to: 8), .lot(10, to: 9)])
    #expect(holding.settle(at: .day(8)).isEmpty)
    #expect(holding.settle(at: .day(9)).map(\.amount) == [20])
  }

  @Test("grace that ends with another lot, or after it, makes one sorted list (M3)", arguments: [3, 4] as [Int32])
  func graceMerges(days: Int32) throws {
    var (holding, slices) = try spent()
    let postings = try holding.restore(slices, from: .redeemed, at: .day(6), rule: .grace(days: days))
    let lots: [Lot] = days == 3 ? [.lot(25, to: 9)] : [.lot(5, to: 9), .lot(20, to: 10)]
    #expect(postings.map(\.lots) == [lots])
    #expect(holding.lots == (days == 3 ? [.lot(30, to: 9)] : [.lot(10, to: 9), .lot(20, to: 10)]))
  }

  @Test(
    "what comes back on its last day is not over, by either rule (M3)",
    arguments: [
      (.grace(days: 7), [.lot(10, to: 5), .lot(10, to: 9), .lot(10, to: 12)]),
      (.expireAtOnce, [.lot(10, to: 5), .lot(10, to: 9)]),
    ] as [(RestoreRule, [Lot])]
  )
  func lastDay(rule: RestoreRule, lots: [Lot]) throws {
    var (holding, slices) = try spent()
    _ = try holding.restore(slices, from: .redeemed, at: .day(5), rule: rule)
    #expect(holding.lots == lots)
  }

  @Test("a grace of 0 days is to the end of the day of the return (M3)")
  func graceOfNoDays() throws {
    var (holding, slices) = try spent()
    _ = try holding.restore(slices, from: .redeemed, at: .day(4), rule: .grace(days: 0))
    #expect(holding.lots.first == .lot(10, to: 4))
  }

  @Test("without grace, what expired meanwhile comes back and expires at once (M3)")
  func expiresAtOnce() throws {
    var (holding, slices) = try spent()
    let postings = try holding.restore(slices, from: .redeemed, at: .day(6), rule: .expireAtOnce)
    #expect(postings.map(\.type) == [.redeemReversal, .expire])
    #expect(postings.map(\.amount) == [25, 20])
    #expect(postings.map(\.available) == [30, 10])
    #expect(postings.last?.lots == [.lot(10, to: 3), .lot(10, to: 5)])
    #expect(postings.last?.to == .expired)
    #expect(holding.lots == [.lot(10, to: 9)])
    #expect(holding.lifetimeSpent == 0)
    #expect(holding.settle(at: .day(6)).isEmpty)
  }

  @Test("what is given back pays a debt first, even what expired meanwhile (M7)")
  func paysDebt() throws {
    var (holding, slices) = try spent()
    _ = holding.returnEarned(20, pendingID: nil, policy: .negativeAllowed(floor: -15), to: .issued)
    #expect(holding.debt == 15)
    let postings = try holding.restore(slices, from: .redeemed, at: .day(6), rule: .expireAtOnce)
    #expect(postings.map(\.lots) == [[.lot(5, to: 5), .lot(5, to: 9)], [.lot(5, to: 5)]])
    #expect(postings.map(\.available) == [10, 5])
    #expect(holding.lots == [.lot(5, to: 9)])
  }

  @Test("part of a spending can be given back, and the rest later (M3)")
  func parts() throws {
    var (holding, _) = try spent()
    _ = try holding.restore([.lot(4, to: 5)], from: .redeemed, at: .day(1), rule: .expireAtOnce)
    #expect(holding.lots == [.lot(4, to: 5), .lot(5, to: 9)])
    #expect(holding.lifetimeSpent == 21)
  }

  @Test("no more is given back than was ever spent (M7)")
  func moreThanSpent() throws {
    var (holding, _) = try spent()
    let before = holding
    #expect(throws: LedgerRefusal.moreThanSpent(spent: 25, asked: 26)) {
      try holding.restore([.lot(26, to: 5)], from: .redeemed, at: .day(1), rule: .expireAtOnce)
    }
    #expect(holding == before)
  }

  @Test("what no longer fits into 64 bits is refused, and changes nothing (M1)")
  func tooLarge() throws {
    var (holding, slices) = try spent()
    _ = try holding.earn(.max - 20, expiresOn: .number(9), from: .compensation, type: .adjust)
    let before = holding
    #expect(throws: LedgerRefusal.tooLarge) {
      try holding.restore(slices, from: .redeemed, at: .day(1), rule: .expireAtOnce)
    }
    #expect(holding == before)
  }
}
