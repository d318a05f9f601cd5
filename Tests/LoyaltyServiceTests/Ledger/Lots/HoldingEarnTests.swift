import Basics
import Testing

@testable import LoyaltyService

@Suite("Earning, as a pure rule (M3)")
struct HoldingEarnTests {
  @Test("each earning makes a lot with its own expiry (M3)")
  func makesLots() throws {
    var holding = Holding.empty
    let first = try holding.earn(10, expiresOn: .number(5), from: .issued)
    let second = try holding.earn(20, expiresOn: .number(3), from: .issued)
    #expect(holding.lots == [.lot(20, to: 3), .lot(10, to: 5)])
    #expect(holding.available == 30)
    #expect(holding.lifetimeEarned == 30)
    #expect(
      first + second == [
        Posting(type: .earn, from: .issued, to: .available, amount: 10, available: 10, lots: [.lot(10, to: 5)]),
        Posting(type: .earn, from: .issued, to: .available, amount: 20, available: 30, lots: [.lot(20, to: 3)]),
      ]
    )
  }

  @Test(
    "what is paid in, adjusted or received from another member was not earned (M2)",
    arguments: [
      (.deposit, .storedValueFloat), (.adjust, .compensation), (.transferIn, .transfer),
    ] as [(PostingType, PostingAccount)]
  )
  func otherTypes(type: PostingType, account: PostingAccount) throws {
    var holding = Holding.empty
    let postings = try holding.earn(10, expiresOn: .never, from: account, type: type)
    #expect(holding.available == 10)
    #expect(holding.lifetimeEarned == 0)
    #expect(postings.map(\.type) == [type])
    #expect(postings.map(\.from) == [account])
  }

  @Test("what one member gives another keeps its days, and leaves nothing on the way (M3)")
  func transfers() throws {
    var giver = try Holding.earned([.lot(10, to: 3), .lot(10, to: 5)])
    var receiver = try Holding.earned([.lot(1, to: 5)])
    let out = try giver.spend(15, to: .transfer, type: .transferOut)
    let back = try receiver.receive(out[0].lots)
    #expect(receiver.lots == [.lot(10, to: 3), .lot(6, to: 5)])
    #expect(giver.lots == [.lot(5, to: 5)])
    #expect(giver.lifetimeSpent == 0)
    #expect(receiver.lifetimeEarned == 1)
    #expect(out[0].amount == back[0].amount)
    #expect(out[0].to == back[0].from)
  }

  @Test("what is earned pays a debt first, and only the rest becomes a lot (M7)")
  func paysDebt() throws {
    var holding = try Holding.owing(30)
    let all = try holding.earn(10, expiresOn: .number(5), from: .issued)
    #expect(all[0].lots.isEmpty)
    #expect(holding.available == -20)
    let part = try holding.earn(25, expiresOn: .number(6), from: .issued)
    #expect(part[0].amount == 25)
    #expect(part[0].lots == [.lot(5, to: 6)])
    #expect(part[0].available == 5)
    #expect(holding.debt == 0)
    #expect(holding.lots == [.lot(5, to: 6)])
  }

  @Test("slices that arrive pay a debt with what expires soonest (M7)")
  func paysDebtSoonestFirst() throws {
    var holding = try Holding.owing(15)
    let postings = try holding.receive([.lot(10, to: 3), .lot(10, to: 5), .lot(10, to: 7)])
    #expect(postings[0].lots == [.lot(5, to: 5), .lot(10, to: 7)])
    #expect(holding.lots == [.lot(5, to: 5), .lot(10, to: 7)])
  }

  @Test("more than fits into 64 bits is refused, and changes nothing (M1)")
  func tooLarge() throws {
    var holding = try Holding.earned([.lot(.max - 5, to: 1)])
    let before = holding
    #expect(throws: LedgerRefusal.tooLarge) { try holding.earn(6, expiresOn: .number(1), from: .issued) }
    #expect(throws: LedgerRefusal.tooLarge) { try holding.receive([.lot(.max, to: 1), .lot(1, to: 2)]) }
    #expect(holding == before)
    _ = try holding.earn(5, expiresOn: .number(1), from: .issued)
    #expect(holding.available == .max)
  }

  @Test("what is held and pending counts towards what fits, so that it can always come back (M1)")
  func tooLargeWithAll() throws {
    var holding = try Holding.earned([.lot(10, to: 1)])
    _ = try holding.hold(10, id: .number(1), expiresAt: .hour(1))
    _ = try holding.pend(10, id: .number(2), expiresOn: .number(1), activates: .onEvent, from: .issued)
    let before = holding
    let adjust = { (amount: Int64, holding: inout Holding) throws in
      _ = try holding.earn(amount, expiresOn: .number(1), from: .compensation, type: .adjust)
    }
    #expect(throws: LedgerRefusal.tooLarge) { try adjust(.max - 19, &holding) }
    #expect(holding == before)
    try adjust(.max - 20, &holding)
    _ = try holding.release(.number(1))
    _ = try holding.activate(.number(2))
    #expect(holding.available == .max)
  }

  @Test("all that was ever earned fits into 64 bits, with what is pending (M1)")
  func earnedTooLarge() throws {
    var holding = try Holding.earned([.lot(.max - 5, to: 1)])
    _ = try holding.spend(.max - 5, to: .redeemed)
    _ = try holding.pend(3, id: .number(1), expiresOn: .number(1), activates: .onEvent, from: .issued)
    #expect(throws: LedgerRefusal.tooLarge) { try holding.earn(3, expiresOn: .number(1), from: .issued) }
    #expect(throws: LedgerRefusal.tooLarge) {
      try holding.pend(3, id: .number(2), expiresOn: .number(1), activates: .onEvent, from: .issued)
    }
    _ = try holding.earn(2, expiresOn: .number(1), from: .issued)
    #expect(holding.available == 2)
  }
}
