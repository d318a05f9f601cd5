import Testing

@testable import LoyaltyService

@Suite("Spending, as a pure rule (M3)")
struct HoldingSpendTests {
  @Test("spending takes the lot that expires soonest, and records the slices (M3)")
  func soonestFirst() throws {
    var holding = try Holding.earned([.lot(10, to: 9), .lot(10, to: 3), .lot(10, to: 5)])
    let postings = try holding.spend(15, to: .redeemed)
    #expect(
      postings == [
        Posting(
          type: .redeem,
          from: .available,
          to: .redeemed,
          amount: 15,
          available: 15,
          lots: [.lot(10, to: 3), .lot(5, to: 5)]
        )
      ]
    )
    #expect(holding.lots == [.lot(5, to: 5), .lot(10, to: 9)])
    #expect(holding.lifetimeSpent == 15)
    #expect(holding.lifetimeEarned == 30)
  }

  @Test("a member cannot spend more than there is, and learns how much there is (M2)")
  func insufficient() throws {
    var holding = try Holding.earned([.lot(10, to: 3)])
    let before = holding
    #expect(throws: LedgerRefusal.insufficient(available: 10, needed: 11)) { try holding.spend(11, to: .redeemed) }
    #expect(holding == before)
    _ = try holding.spend(10, to: .redeemed)
    #expect(holding.available == 0)
    #expect(holding.lots.isEmpty)
  }

  @Test("a member with a debt can spend nothing (M7)")
  func indebted() throws {
    var holding = try Holding.owing(10)
    #expect(throws: LedgerRefusal.insufficient(available: -10, needed: 1)) { try holding.spend(1, to: .redeemed) }
  }

  @Test("what is held and what is pending cannot be spent (M5)")
  func othersAreNotSpendable() throws {
    var holding = try Holding.earned([.lot(10, to: 3)])
    _ = try holding.hold(8, id: .number(1), expiresAt: .hour(1))
    _ = try holding.pend(50, id: .number(2), expiresOn: .number(9), activates: .onEvent, from: .issued)
    #expect(throws: LedgerRefusal.insufficient(available: 2, needed: 3)) { try holding.spend(3, to: .redeemed) }
  }

  @Test(
    "what is paid out, adjusted or given to another member was not spent (M2)",
    arguments: [
      (.withdraw, .storedValueFloat), (.adjust, .compensation), (.transferOut, .transfer),
    ] as [(PostingType, PostingAccount)]
  )
  func otherTypes(type: PostingType, account: PostingAccount) throws {
    var holding = try Holding.earned([.lot(10, to: 3)])
    let postings = try holding.spend(4, to: account, type: type)
    #expect(holding.available == 6)
    #expect(holding.lifetimeSpent == 0)
    #expect(postings.map(\.type) == [type])
    #expect(postings.map(\.to) == [account])
  }

  @Test("all that was ever spent fits into 64 bits (M1)")
  func tooLarge() throws {
    var holding = Holding(
      lots: [.lot(10, to: 3)],
      debt: 0,
      pending: [],
      holds: [],
      lifetimeEarned: 10,
      lifetimeSpent: .max - 5
    )
    #expect(throws: LedgerRefusal.tooLarge) { try holding.spend(6, to: .redeemed) }
    #expect(holding.available == 10)
    _ = try holding.hold(6, id: .number(1), expiresAt: .hour(1))
    let before = holding
    #expect(throws: LedgerRefusal.tooLarge) {
      try holding.capture(.number(1), amount: 6, to: .redeemed, releasesRest: false)
    }
    #expect(holding == before)
  }
}
