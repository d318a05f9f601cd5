import Basics
import Foundation
import Testing

@testable import LoyaltyService

@Suite("Pending points, as a pure rule (M4)")
struct HoldingPendingTests {
  private func pended(_ activation: Activation) throws -> Holding {
    var holding = Holding.empty
    _ = try holding.pend(10, id: .number(1), expiresOn: .number(30), activates: activation, from: .issued)
    return holding
  }

  @Test("what is pending was given, and is neither spendable nor counted as earned (M4)")
  func pends() throws {
    var holding = Holding.empty
    let postings = try holding.pend(10, id: .number(1), expiresOn: .number(30), activates: .onEvent, from: .issued)
    #expect(
      postings == [
        Posting(
          type: .pend,
          from: .issued,
          to: .pending,
          amount: 10,
          available: 0,
          lots: [.lot(10, to: 30)],
          reference: .number(1)
        )
      ]
    )
    #expect(holding.pendingTotal == 10)
    #expect(holding.available == 0)
    #expect(holding.lifetimeEarned == 0)
  }

  @Test("an instant makes it spendable, exactly then (M4)")
  func activatesByTime() throws {
    var holding = try pended(.at(.hour(48)))
    #expect(holding.nextDue == NextDue(day: .never, instant: .hour(48)))
    #expect(holding.settle(at: .hour(47)).isEmpty)
    #expect(
      holding.settle(at: .hour(48)) == [
        Posting(
          type: .activate,
          from: .pending,
          to: .available,
          amount: 10,
          available: 10,
          lots: [.lot(10, to: 30)],
          reference: .number(1)
        )
      ]
    )
    #expect(holding.lots == [.lot(10, to: 30)])
    #expect(holding.pendingTotal == 0)
    #expect(holding.lifetimeEarned == 10)
  }

  @Test("what waits for an event is never activated by time (M4)")
  func waitsForEvent() throws {
    var holding = try pended(.onEvent)
    #expect(holding.nextDue.instant == .never)
    #expect(holding.settle(at: LedgerTime(now: .never, today: .number(1_000_000))).isEmpty)
    #expect(try holding.activate(.number(1)).map(\.type) == [.activate])
    #expect(holding.available == 10)
    #expect(holding.lifetimeEarned == 10)
  }

  @Test("an event may come before the instant (M4)")
  func activatesEarly() throws {
    var holding = try pended(.at(.hour(48)))
    _ = try holding.activate(.number(1))
    #expect(holding.available == 10)
    #expect(holding.settle(at: .hour(48)).isEmpty)
  }

  @Test("what is cancelled never becomes spendable, and goes back to the programme (M4)")
  func cancels() throws {
    var holding = try pended(.at(.hour(48)))
    #expect(
      try holding.cancel(.number(1), to: .issued) == [
        Posting(
          type: .cancel,
          from: .pending,
          to: .issued,
          amount: 10,
          available: 0,
          lots: [.lot(10, to: 30)],
          reference: .number(1)
        )
      ]
    )
    #expect(holding == .empty)
    #expect(holding.settle(at: .hour(48)).isEmpty)
  }

  @Test("a pending lot is activated or cancelled once (M4)")
  func once() throws {
    var holding = try pended(.onEvent)
    _ = try holding.activate(.number(1))
    let before = holding
    #expect(throws: LedgerRefusal.pendingNotFound) { try holding.activate(.number(1)) }
    #expect(throws: LedgerRefusal.pendingNotFound) { try holding.cancel(.number(1), to: .issued) }
    #expect(holding == before)
  }

  @Test("a request pends once (M4)")
  func exists() throws {
    var holding = try pended(.onEvent)
    #expect(throws: LedgerRefusal.pendingExists) {
      try holding.pend(5, id: .number(1), expiresOn: .number(30), activates: .onEvent, from: .issued)
    }
    #expect(holding.pendingTotal == 10)
  }

  @Test("pending lots are kept in the order in which they become spendable (M4)")
  func ordered() throws {
    var holding = Holding.empty
    let activations: [Activation] = [.onEvent, .at(.hour(9)), .at(.hour(3)), .onEvent, .at(.hour(9))]
    for (number, activation) in activations.enumerated() {
      let id = UUID.number(UInt32(number))
      _ = try holding.pend(1, id: id, expiresOn: .number(1), activates: activation, from: .issued)
    }
    #expect(holding.pending.map(\.id) == [2, 1, 4, 0, 3].map { UUID.number($0) })
    #expect(holding.settle(at: .hour(9)).map(\.reference) == [2, 1, 4].map { UUID.number($0) })
  }

  @Test("pending points that become spendable pay a debt first (M4)")
  func paysDebt() throws {
    var holding = try Holding.owing(4)
    _ = try holding.pend(10, id: .number(1), expiresOn: .number(30), activates: .onEvent, from: .issued)
    #expect(holding.available == -4)
    let postings = try holding.activate(.number(1))
    #expect(postings.map(\.lots) == [[.lot(6, to: 30)]])
    #expect(postings.map(\.amount) == [10])
    #expect(holding.available == 6)
  }

  @Test("a member has no more pending lots than are allowed (M4)")
  func tooMany() throws {
    var holding = Holding.empty
    holding.pending = (0..<Holding.pendingAllowed).map {
      PendingLot(id: .number(UInt32($0)), amount: 1, expiresOn: .number(1), activates: .onEvent)
    }
    holding.pendingTotal = Int64(Holding.pendingAllowed)
    #expect(throws: LedgerRefusal.tooManyPending(allowed: Holding.pendingAllowed)) {
      try holding.pend(1, id: .number(5_000), expiresOn: .number(1), activates: .onEvent, from: .issued)
    }
  }
}
