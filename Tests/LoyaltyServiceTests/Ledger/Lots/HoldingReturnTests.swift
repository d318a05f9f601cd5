import Testing

@testable import LoyaltyService

@Suite("Taking back what a returned receipt earned, as a pure rule (M7)")
struct HoldingReturnTests {
  /// 10 points pending of request 1, and 20 that can be spent in two lots.
  private func sample() throws -> Holding {
    var holding = try Holding.earned([.lot(10, to: 3), .lot(10, to: 5)])
    _ = try holding.pend(10, id: .number(1), expiresOn: .number(9), activates: .at(.hour(100)), from: .issued)
    return holding
  }

  @Test("with pending only, only what is still pending of the receipt is taken (M7)")
  func pendingOnly() throws {
    var holding = try sample()
    let (postings, taken, short) = holding.returnEarned(15, pendingID: .number(1), policy: .pendingOnly, to: .issued)
    #expect(
      postings == [
        Posting(
          type: .earnReversal,
          from: .pending,
          to: .issued,
          amount: 10,
          available: 20,
          lots: [.lot(10, to: 9)],
          reference: .number(1)
        )
      ]
    )
    #expect(taken == 10)
    #expect(short == 5)
    #expect(holding.pending.isEmpty)
    #expect(holding.pendingTotal == 0)
    #expect(holding.available == 20)
    #expect(holding.lifetimeEarned == 20)
  }

  @Test("a part of what is pending can be taken, and the rest stays pending (M7)")
  func partOfPending() throws {
    var holding = try sample()
    _ = holding.returnEarned(4, pendingID: .number(1), policy: .pendingOnly, to: .issued)
    #expect(holding.pending.map(\.amount) == [6])
    #expect(try holding.activate(.number(1)).map(\.amount) == [6])
  }

  @Test("with pending only, nothing is taken once it is spendable, and that is not an error (M7)")
  func pendingGone() throws {
    var holding = try sample()
    _ = try holding.activate(.number(1))
    let before = holding
    let (postings, taken, short) = holding.returnEarned(10, pendingID: .number(1), policy: .pendingOnly, to: .issued)
    #expect(postings.isEmpty)
    #expect(taken == 0)
    #expect(short == 10)
    #expect(holding == before)
  }

  @Test("within balance, what is pending goes first, then what can be spent, never below zero (M7)")
  func withinBalance() throws {
    var holding = try sample()
    let (postings, taken, short) = holding.returnEarned(35, pendingID: .number(1), policy: .withinBalance, to: .issued)
    #expect(postings.map(\.from) == [.pending, .available])
    #expect(postings.map(\.amount) == [10, 20])
    #expect(postings.map(\.reference) == [.number(1), nil])
    #expect(taken == 30)
    #expect(short == 5)
    #expect(holding.available == 0)
    #expect(holding.debt == 0)
    #expect(holding.lifetimeEarned == 0)
  }

  @Test("within balance, a member with a debt gives nothing more (M7)")
  func withinBalanceIndebted() throws {
    var holding = try Holding.owing(5)
    _ = try holding.earn(3, expiresOn: .number(9), from: .issued)
    let (postings, taken, short) = holding.returnEarned(3, pendingID: nil, policy: .withinBalance, to: .issued)
    #expect(postings.isEmpty)
    #expect(taken == 0)
    #expect(short == 3)
    #expect(holding.available == -2)
  }

  @Test("with a negative balance allowed, what the lots do not cover becomes debt, down to the floor (M7)")
  func negative() throws {
    var holding = try Holding.earned([.lot(10, to: 3), .lot(20, to: 5)])
    _ = try holding.spend(25, to: .redeemed)
    let (postings, taken, short) = holding.returnEarned(
      30,
      pendingID: nil,
      policy: .negativeAllowed(floor: -20),
      to: .issued
    )
    #expect(
      postings == [
        Posting(
          type: .earnReversal,
          from: .available,
          to: .issued,
          amount: 25,
          available: -20,
          lots: [.lot(5, to: 5)]
        )
      ]
    )
    #expect(taken == 25)
    #expect(short == 5)
    #expect(holding.debt == 20)
    #expect(holding.lots.isEmpty)
    #expect(holding.available == -20)
  }

  @Test("a debt that is already below a floor raised since stays as it is (M7)")
  func floorRaised() throws {
    var holding = try Holding.owing(20)
    _ = try holding.earn(5, expiresOn: .number(3), from: .issued)
    let result = holding.returnEarned(5, pendingID: nil, policy: .negativeAllowed(floor: -10), to: .issued)
    #expect(result.taken == 0)
    #expect(holding.debt == 15)
  }

  @Test("the receipt's own lot is taken first, then the soonest to expire (M7)")
  func ownLotFirst() throws {
    var holding = try Holding.earned([.lot(10, to: 3), .lot(10, to: 5), .lot(10, to: 9)])
    let result = holding.returnEarned(15, pendingID: nil, expiresOn: .number(5), policy: .withinBalance, to: .issued)
    #expect(result.postings.map(\.lots) == [[.lot(5, to: 3), .lot(10, to: 5)]])
    #expect(holding.lots == [.lot(5, to: 3), .lot(10, to: 9)])
  }

  @Test("after a return lots are as if the receipt had never been (M7)", arguments: [5, 15, 25, 30] as [Int64])
  func asIfItHadNeverBeen(spent: Int64) throws {
    var with = try Holding.earned([.lot(10, to: 3), .lot(10, to: 5), .lot(10, to: 9), .lot(10, to: 12)])
    _ = try with.spend(spent, to: .redeemed)
    _ = with.returnEarned(10, pendingID: nil, expiresOn: .number(5), policy: .withinBalance, to: .issued)
    var without = try Holding.earned([.lot(10, to: 3), .lot(10, to: 9), .lot(10, to: 12)])
    _ = try without.spend(spent, to: .redeemed)
    #expect(with == without)
  }

  @Test("never more is taken than was earned, whatever else was paid in (M7)")
  func neverMoreThanEarned() throws {
    var holding = try Holding.earned([.lot(10, to: 3)])
    _ = try holding.earn(50, expiresOn: .number(9), from: .compensation, type: .adjust)
    let result = holding.returnEarned(30, pendingID: nil, policy: .negativeAllowed(floor: -100), to: .issued)
    #expect(result.taken == 10)
    #expect(result.short == 20)
    #expect(holding.available == 50)
    #expect(holding.lifetimeEarned == 0)
  }

  @Test("what is held stays held (M7)")
  func heldStays() throws {
    var holding = try Holding.earned([.lot(10, to: 3)])
    _ = try holding.hold(8, id: .number(1), expiresAt: .hour(100))
    let result = holding.returnEarned(10, pendingID: nil, policy: .withinBalance, to: .issued)
    #expect(result.taken == 2)
    #expect(holding.held == 8)
  }

  @Test("the lowest floor there is does not overflow (M1)")
  func lowestFloor() throws {
    var holding = try Holding.earned([.lot(.max, to: 3)])
    let result = holding.returnEarned(.max, pendingID: nil, policy: .negativeAllowed(floor: -.max), to: .issued)
    #expect(result.taken == .max)
    #expect(holding.available == 0)
  }
}
