import Foundation
import Testing

@testable import LoyaltyService

@Suite("Holds, as a pure rule (M5)")
struct HoldingHoldsTests {
  /// 20 points in two lots, 15 of them held until hour 10.
  private func held() throws -> Holding {
    var holding = try Holding.earned([.lot(10, to: 3), .lot(10, to: 5)])
    _ = try holding.hold(15, id: .number(1), expiresAt: .hour(10))
    return holding
  }

  @Test("a hold sets aside what expires soonest, and records the slices (M5)")
  func holds() throws {
    var holding = try Holding.earned([.lot(10, to: 3), .lot(10, to: 5)])
    let postings = try holding.hold(15, id: .number(1), expiresAt: .hour(10))
    let slices: [Lot] = [.lot(10, to: 3), .lot(5, to: 5)]
    #expect(
      postings == [
        Posting(
          type: .hold,
          from: .available,
          to: .held,
          amount: 15,
          available: 5,
          lots: slices,
          reference: .number(1)
        )
      ]
    )
    #expect(holding.holds == [Hold(id: .number(1), lots: slices, expiresAt: .hour(10))])
    #expect(holding.held == 15)
    #expect(holding.lots == [.lot(5, to: 5)])
    #expect(holding.lifetimeSpent == 0)
  }

  @Test("no more is held than can be spent (M5)")
  func insufficient() throws {
    var holding = try held()
    let before = holding
    #expect(throws: LedgerRefusal.insufficient(available: 5, needed: 6)) {
      try holding.hold(6, id: .number(2), expiresAt: .hour(10))
    }
    #expect(holding == before)
  }

  @Test("a request holds once (M5)")
  func exists() throws {
    var holding = try held()
    #expect(throws: LedgerRefusal.holdExists) { try holding.hold(1, id: .number(1), expiresAt: .hour(10)) }
  }

  @Test("a hold that is captured whole is spent and gone (M5)")
  func capturesAll() throws {
    var holding = try held()
    let postings = try holding.capture(.number(1), amount: 15, to: .redeemed, releasesRest: true)
    #expect(
      postings == [
        Posting(
          type: .capture,
          from: .held,
          to: .redeemed,
          amount: 15,
          available: 5,
          lots: [.lot(10, to: 3), .lot(5, to: 5)],
          reference: .number(1)
        )
      ]
    )
    #expect(holding.holds.isEmpty)
    #expect(holding.held == 0)
    #expect(holding.lifetimeSpent == 15)
  }

  @Test("a part can be captured and the rest released with it: the soonest slices are spent (M5)")
  func capturesPartAndReleases() throws {
    var holding = try held()
    let postings = try holding.capture(.number(1), amount: 7, to: .redeemed, releasesRest: true)
    #expect(postings.map(\.type) == [.capture, .release])
    #expect(postings.map(\.lots) == [[.lot(7, to: 3)], [.lot(3, to: 3), .lot(5, to: 5)]])
    #expect(postings.map(\.available) == [5, 13])
    #expect(postings.map(\.reference) == [.number(1), .number(1)])
    #expect(holding.lots == [.lot(3, to: 3), .lot(10, to: 5)])
    #expect(holding.holds.isEmpty)
    #expect(holding.held == 0)
    #expect(holding.lifetimeSpent == 7)
  }

  @Test("a part can be captured and the rest stay held, to be captured later (M5)")
  func capturesInParts() throws {
    var holding = try held()
    #expect(try holding.capture(.number(1), amount: 7, to: .redeemed, releasesRest: false).map(\.type) == [.capture])
    #expect(holding.held == 8)
    #expect(holding.holds.map(\.lots) == [[.lot(3, to: 3), .lot(5, to: 5)]])
    _ = try holding.capture(.number(1), amount: 8, to: .redeemed, releasesRest: false)
    #expect(holding.holds.isEmpty)
    #expect(holding.lifetimeSpent == 15)
  }

  @Test("no more is captured than is held (M5)")
  func tooSmall() throws {
    var holding = try held()
    let before = holding
    #expect(throws: LedgerRefusal.holdTooSmall(held: 15, asked: 16)) {
      try holding.capture(.number(1), amount: 16, to: .redeemed, releasesRest: true)
    }
    #expect(holding == before)
  }

  @Test("a released hold puts its slices back into their own lots (M5)")
  func releases() throws {
    var holding = try held()
    #expect(
      try holding.release(.number(1)) == [
        Posting(
          type: .release,
          from: .held,
          to: .available,
          amount: 15,
          available: 20,
          lots: [.lot(10, to: 3), .lot(5, to: 5)],
          reference: .number(1)
        )
      ]
    )
    #expect(holding.lots == [.lot(10, to: 3), .lot(10, to: 5)])
  }

  @Test("a hold that is gone can be neither captured nor released (M5)")
  func notFound() throws {
    var holding = try held()
    _ = try holding.release(.number(1))
    let before = holding
    #expect(throws: LedgerRefusal.holdNotFound) { try holding.release(.number(1)) }
    #expect(throws: LedgerRefusal.holdNotFound) {
      try holding.capture(.number(1), amount: 1, to: .redeemed, releasesRest: false)
    }
    #expect(holding == before)
  }

  @Test("a hold releases itself when its time has come (M5)")
  func runsOut() throws {
    var holding = try held()
    #expect(holding.nextDue == NextDue(day: .number(5), instant: .hour(10)))
    #expect(holding.settle(at: .hour(9)).isEmpty)
    #expect(holding.settle(at: .hour(10)).map(\.type) == [.release])
    #expect(holding.available == 20)
    #expect(holding.held == 0)
  }

  @Test("what is held does not expire, and can be captured after its last day (M5)")
  func capturedLate() throws {
    var holding = try Holding.earned([.lot(10, to: 3)])
    _ = try holding.hold(10, id: .number(1), expiresAt: .hour(1_000))
    #expect(holding.settle(at: .day(4)).isEmpty)
    #expect(
      try holding.capture(.number(1), amount: 10, to: .redeemed, releasesRest: false).map(\.lots) == [[.lot(10, to: 3)]]
    )
  }

  @Test("what is released after its last day expires at once (M5)")
  func releasedLate() throws {
    var holding = try Holding.earned([.lot(10, to: 3)])
    _ = try holding.hold(10, id: .number(1), expiresAt: .hour(4 * 24))
    let postings = holding.settle(at: .day(4))
    #expect(postings.map(\.type) == [.release, .expire])
    #expect(postings.map(\.available) == [10, 0])
    #expect(holding.available == 0)
  }

  @Test("what is released pays a debt first (M7)")
  func paysDebt() throws {
    var holding = try held()
    _ = holding.returnEarned(10, pendingID: nil, policy: .negativeAllowed(floor: -100), to: .issued)
    #expect(holding.available == -5)
    #expect(try holding.release(.number(1)).map(\.lots) == [[.lot(5, to: 3), .lot(5, to: 5)]])
    #expect(holding.available == 10)
  }

  @Test("a member has no more holds than are allowed (M5)")
  func tooMany() throws {
    var holding = try Holding.earned([.lot(100, to: 3)])
    for number in 0..<Holding.holdsAllowed {
      _ = try holding.hold(1, id: .number(UInt32(number)), expiresAt: .hour(1))
    }
    #expect(throws: LedgerRefusal.tooManyHolds(allowed: Holding.holdsAllowed)) {
      try holding.hold(1, id: .number(1_000), expiresAt: .hour(1))
    }
  }
}
