import Basics
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Pending points: earned now, to be spent later (M4)")
struct PendingTests {
  private func pend(
    _ loyalty: LoyaltyHarness,
    _ member: UUID,
    _ until: LoyaltyV1.CreditRequest.OneOfPendingUntil
  ) async throws -> String {
    let id = loyalty.ids.next().text
    _ = try await loyalty.client.credit(
      .init(requestID: id, memberID: member.text, amount: 50, pendingUntil: until)
    )
    return id
  }

  @Test("points that wait for a moment cannot be spent before it, and can from then on (M4)")
  func byTime() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await loyalty.openAccount()
      let ripe = clock.now.addingTimeInterval(3_600)
      _ = try await pend(loyalty, member, .availableAt(.init(date: ripe)))
      let before = try await loyalty.balance(of: member)
      #expect(before.points == 0)
      #expect(before.pending == 50)
      #expect(before.pendingLots.first?.availableAt == .init(date: ripe))
      await expectReason("INSUFFICIENT_POINTS") {
        try await loyalty.client.debit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1))
      }
      clock.advance(by: .seconds(3_600))
      #expect(try await loyalty.balance(of: member).points == 50)
      let spent = try await loyalty.client.debit(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 20)
      )
      #expect(spent.transaction?.postings.map(\.type) == [.activate, .redeem])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("points that wait for an event become spendable when a call says so, once (M4)")
  func byEvent() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let id = try await pend(loyalty, member, .activatedByCall(true))
      let request = LoyaltyV1.ActivatePendingRequest(
        requestID: loyalty.ids.next().text,
        memberID: member.text,
        pendingID: id
      )
      let answer = try await loyalty.client.activatePending(request)
      #expect(answer.transaction?.postings == [.init(type: .activate, asset: "points", amount: 50, available: 50)])
      #expect(try await loyalty.client.activatePending(request) == answer)
      var again = request
      again.requestID = loyalty.ids.next().text
      await expectReason("PENDING_NOT_FOUND") { try await loyalty.client.activatePending(again) }
      #expect(try await loyalty.balance(of: member).lifetimePointsEarned == 50)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("points that are cancelled never become spendable (M4)")
  func cancelled() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let id = try await pend(loyalty, member, .activatedByCall(true))
      _ = try await loyalty.client.cancelPending(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, pendingID: id)
      )
      let balance = try await loyalty.balance(of: member)
      #expect([balance.points, balance.pending, balance.lifetimePointsEarned] == [0, 0, 0] as [Int64])
      await expectReason("PENDING_NOT_FOUND") {
        try await loyalty.client.activatePending(
          .init(requestID: loyalty.ids.next().text, memberID: member.text, pendingID: id)
        )
      }
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("points of a receipt are pending for as long as the programme says, and a return takes them first (M4, M7)")
  func receipts() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      try await loyalty.changeProgramme("pending_days") { $0.pendingDays = 7 }
      let member = try await loyalty.openAccount()
      let order = try await loyalty.client.postOrder(.sample(member, 10_000))
      #expect(order.balancePoints == 0)
      #expect(order.order?.pointsAvailableAt == .init(date: clock.now.addingTimeInterval(7 * 86_400)))
      #expect(try await loyalty.balance(of: member).pending == 100)
      let reversal = try await loyalty.client.reverseOrder(.sample(of: order.orderID))
      #expect(reversal.pointsTaken == 100)
      _ = try await loyalty.client.postOrder(.sample(member, 5_000))
      clock.advance(by: .seconds(7 * 86_400))
      #expect(try await loyalty.balance(of: member).points == 50)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a moment that is over, or too far away, is refused")
  func badMoment() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      for seconds in [-1, 345_600_000] as [Double] {
        let moment = GoogleProtobuf.Timestamp(date: Date().addingTimeInterval(seconds))
        await expectReason("NOT_AHEAD") { try await pend(loyalty, member, .availableAt(moment)) }
      }
    }
  }
}
