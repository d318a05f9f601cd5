import Basics
import Testing

@testable import LoyaltyService

@Suite("What time does to a holding, as a pure rule (M3)")
struct HoldingSettleTests {
  @Test("a lot expires when its last day is over, into breakage, with its slices recorded (M3)")
  func expires() throws {
    var holding = try Holding.earned([.lot(10, to: 3), .lot(20, to: 4), .lot(30, to: 9)])
    #expect(holding.settle(at: .hour(3 * 24 + 23)).isEmpty)
    #expect(
      holding.settle(at: .day(5)) == [
        Posting(
          type: .expire,
          from: .available,
          to: .expired,
          amount: 30,
          available: 30,
          lots: [.lot(10, to: 3), .lot(20, to: 4)]
        )
      ]
    )
    #expect(holding.lots == [.lot(30, to: 9)])
    #expect(holding.lifetimeEarned == 60)
    #expect(holding.lifetimeSpent == 0)
  }

  @Test("settling again does nothing, nor does settling at an earlier time (M3)")
  func idempotent() throws {
    var holding = try Holding.earned([.lot(10, to: 3), .lot(20, to: 9)])
    _ = try holding.hold(5, id: .number(1), expiresAt: .hour(12 * 24))
    _ = holding.settle(at: .day(5))
    let settled = holding
    #expect(holding.settle(at: .day(5)).isEmpty)
    #expect(holding.settle(at: .day(2)).isEmpty)
    #expect(holding == settled)
  }

  @Test("nothing is due of nothing (M3)")
  func emptyIsNeverDue() {
    var holding = Holding.empty
    let end = LedgerTime(now: .never, today: .never)
    #expect(holding.nextDue == NextDue(day: .never, instant: .never))
    #expect(!holding.nextDue.isDue(at: end))
    #expect(holding.settle(at: end).isEmpty)
  }

  @Test("what never expires does not, and a hold that never runs out does not (M3)")
  func never() throws {
    var holding = try Holding.earned([Lot(expiresOn: .never, amount: 10)])
    _ = try holding.hold(4, id: .number(1), expiresAt: .never)
    #expect(holding.settle(at: LedgerTime(now: .never, today: .never)).isEmpty)
    #expect(holding.available == 6)
    #expect(holding.held == 4)
  }

  @Test("holds and pending lots are settled in the order of their instants, holds first, then lots expire (M5)")
  func order() throws {
    var holding = try Holding.earned([.lot(10, to: 1)])
    _ = try holding.hold(1, id: .number(1), expiresAt: .hour(9))
    _ = try holding.hold(1, id: .number(2), expiresAt: .hour(5))
    _ = try holding.pend(1, id: .number(3), expiresOn: .number(9), activates: .at(.hour(5)), from: .issued)
    _ = try holding.pend(1, id: .number(4), expiresOn: .number(1), activates: .at(.hour(3)), from: .issued)
    let postings = holding.settle(at: .day(2))
    #expect(postings.map(\.type) == [.activate, .release, .activate, .release, .expire])
    #expect(postings.map(\.reference) == [.number(4), .number(2), .number(3), .number(1), nil])
    #expect(postings.map(\.available) == [9, 10, 11, 12, 1])
    #expect(holding.lots == [.lot(1, to: 9)])
  }

  @Test("settling every hour or once at the end comes to the same, also with a debt (M3)")
  func oftenOrOnce() throws {
    var hourly = try Holding.earned([.lot(30, to: 30)])
    _ = try hourly.hold(30, id: .number(1), expiresAt: .hour(5 * 24))
    _ = try hourly.pend(100, id: .number(2), expiresOn: .number(2), activates: .at(.hour(24)), from: .issued)
    _ = hourly.returnEarned(30, pendingID: nil, policy: .negativeAllowed(floor: -50), to: .issued)
    var once = hourly
    for hour in 0...(6 * 24) { _ = hourly.settle(at: .hour(Int64(hour))) }
    _ = once.settle(at: .day(6))
    #expect(once == hourly)
    // The pending points came first and paid the debt, so the points released later are all there.
    #expect(once.lots == [.lot(30, to: 30)])
  }
}
