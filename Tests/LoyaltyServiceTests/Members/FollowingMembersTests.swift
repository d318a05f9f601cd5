import Basics
import Eventually
import FollowedMembers
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import MembersProto
import MembersTestSupport
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The ledger follows who is a member and in which standing")
struct FollowingMembersTests {
  /// Runs a test against a loyalty service that follows a real members service.
  private func with(
    _ rule: SuspensionRule = SuspensionRule(),
    _ body: (LoyaltyHarness, MembersHarness) async throws -> Void
  ) async throws {
    try await MembersHarness.with { members in
      var settings = LoyaltySettings()
      settings.members = PeerSettings(peer: "members", address: members.address)
      settings.suspended = rule
      try await LoyaltyHarness.with(settings: settings) { loyalty in
        try await body(loyalty, members)
        #expect(try await loyalty.bookProblems() == [])
      }
    }
  }

  @Test("a member who is registered in members alone has an account at once; opening it again changes nothing")
  func accountsOpenByThemselves() async throws {
    try await with { loyalty, members in
      let member = try await members.register()
      try await loyalty.hear(of: member, .active)
      let balance = try await loyalty.balance(of: member)
      #expect(balance.points == 0)
      let opened = try await loyalty.client.openAccount(
        .init(requestID: loyalty.ids.next().text, memberID: member.text)
      )
      #expect(opened.balance?.openedAt == balance.openedAt)
      _ = try await loyalty.client.postOrder(.sample(member, 500))
      #expect(try await loyalty.balance(of: member).points == 5)
      #expect(try await loyalty.entries(of: member).count == 1)
    }
  }

  @Test("a suspended member spends nothing and earns nothing, is still sold to, and trades again once reinstated (2.4)")
  func suspended() async throws {
    try await with { loyalty, members in
      let member = try await members.register()
      try await loyalty.hear(of: member, .active)
      let before = LoyaltyV1.PostOrderRequest.sample(member, 100_000)
      let first = try await loyalty.client.postOrder(before)
      try await members.change(member, to: .suspended)
      try await loyalty.hear(of: member, .suspended)

      var paidWithPoints = LoyaltyV1.PostOrderRequest.sample(member, 50_000)
      paidWithPoints.pointsToRedeem = 100
      let refusal = await expectReason("MEMBER_SUSPENDED") { try await loyalty.client.postOrder(paidWithPoints) }
      #expect(refusal?.code == .failedPrecondition)
      #expect(refusal?.info?.domain == "loyalty.patron")
      #expect(refusal?.info?.metadata == ["member_id": member.text, "refused": "SPENDING"])
      let debit = LoyaltyV1.DebitRequest(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1)
      await expectReason("MEMBER_SUSPENDED") { try await loyalty.client.debit(debit) }
      let credit = LoyaltyV1.CreditRequest(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1)
      let earning = await expectReason("MEMBER_SUSPENDED") { try await loyalty.client.credit(credit) }
      #expect(earning?.info?.metadata["refused"] == "EARNING")

      let sold = try await loyalty.client.postOrder(.sample(member, 30_000))
      #expect(sold.order?.pointsEarned == 0)
      #expect(sold.balancePoints == first.balancePoints)
      // What was done before is answered again.
      #expect(try await loyalty.client.postOrder(before) == first)

      try await members.change(member, to: .active)
      try await loyalty.hear(of: member, .active)
      #expect(try await loyalty.client.postOrder(paidWithPoints).order?.pointsRedeemed == 100)
      _ = try await loyalty.client.debit(debit)
      _ = try await loyalty.client.credit(credit)
    }
  }

  @Test("goods of a suspended member come back, whole receipts and parts, also those sold meanwhile (2.4)")
  func returnsAlwaysWork() async throws {
    try await with(SuspensionRule(spending: .refused, earning: .withheld)) { loyalty, members in
      let member = try await members.register()
      try await loyalty.hear(of: member, .active)
      let whole = try await loyalty.client.postOrder(.sample(member, 10_000))
      let parts = try await loyalty.client.postOrder(.sample(member, 10_000, 20_000))
      try await members.change(member, to: .suspended)
      try await loyalty.hear(of: member, .suspended)
      let meanwhile = try await loyalty.client.postOrder(.sample(member, 7_000))

      let reversed = try await loyalty.client.reverseOrder(.sample(of: whole.orderID))
      #expect(reversed.pointsTaken == 100)
      let returned = try await loyalty.client.postReturn(
        .init(
          requestID: loyalty.ids.next().text,
          key: .orderID(parts.orderID),
          storeID: "store-1",
          lines: [LoyaltyV1.ReturnLine(line: 0)],
          reason: "damaged"
        )
      )
      #expect(returned.orderReturn?.pointsTaken == 100)
      #expect(try await loyalty.client.reverseOrder(.sample(of: meanwhile.orderID)).pointsTaken == 0)
      #expect(try await loyalty.balance(of: member).points == 200)
    }
  }

  @Test(
    "what was promised before the suspension is kept: a hold is captured, another released; staff may correct (2.4)"
  )
  func promises() async throws {
    try await with { loyalty, members in
      let member = try await members.register()
      try await loyalty.hear(of: member, .active)
      _ = try await loyalty.client.postOrder(.sample(member, 100_000))
      func hold() -> LoyaltyV1.HoldRequest {
        LoyaltyV1.HoldRequest(requestID: loyalty.ids.next().text, memberID: member.text, amount: 100)
      }
      let holds = [hold(), hold()]
      for hold in holds { _ = try await loyalty.client.hold(hold) }
      try await members.change(member, to: .suspended)
      try await loyalty.hear(of: member, .suspended)
      await expectReason("MEMBER_SUSPENDED") { try await loyalty.client.hold(hold()) }
      _ = try await loyalty.client.captureHold(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, holdID: holds[0].requestID)
      )
      _ = try await loyalty.client.releaseHold(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, holdID: holds[1].requestID)
      )
      _ = try await loyalty.client.adjust(
        .init(
          requestID: loyalty.ids.next().text,
          memberID: member.text,
          amount: -50,
          reason: "fraud",
          staffID: "staff-7"
        )
      )
      #expect(try await loyalty.balance(of: member).points == 850)
    }
  }

  @Test("where the settings allow it, a suspended member trades as everybody else (2.4)")
  func allowed() async throws {
    try await with(SuspensionRule(spending: .allowed, earning: .allowed)) { loyalty, members in
      let member = try await members.register()
      try await members.change(member, to: .suspended)
      try await loyalty.hear(of: member, .suspended)
      #expect(try await loyalty.client.postOrder(.sample(member, 100_000)).order?.pointsEarned == 1_000)
      var paidWithPoints = LoyaltyV1.PostOrderRequest.sample(member, 50_000)
      paidWithPoints.pointsToRedeem = 100
      #expect(try await loyalty.client.postOrder(paidWithPoints).order?.pointsRedeemed == 100)
    }
  }

  @Test("where earning is refused, a sale that would earn is refused, and one that earns nothing is posted (2.4)")
  func earningRefused() async throws {
    try await with(SuspensionRule(spending: .refused, earning: .refused)) { loyalty, members in
      let member = try await members.register()
      try await members.change(member, to: .suspended)
      try await loyalty.hear(of: member, .suspended)
      let refusal = await expectReason("MEMBER_SUSPENDED") { try await loyalty.client.postOrder(.sample(member, 100)) }
      #expect(refusal?.info?.metadata["refused"] == "EARNING")
      #expect(try await loyalty.client.postOrder(.sample(member, 99)).order?.pointsEarned == 0)
    }
  }

  @Test("in a list and on a stream a suspended member's sale is refused alone (2.4)")
  func manyAtATime() async throws {
    try await with { loyalty, members in
      let member = try await members.register()
      try await members.change(member, to: .suspended)
      try await loyalty.hear(of: member, .suspended)
      let other = try await loyalty.openAccount()
      var spending = LoyaltyV1.PostOrderRequest.sample(member, 50_000)
      spending.pointsToRedeem = 100
      let outcomes = try await loyalty.client.postOrders(
        .init(orders: [spending, .sample(other, 500), .sample(member, 500)])
      ).outcomes
      guard case .refused(let refusal) = outcomes[0].result, case .posted(let others) = outcomes[1].result,
        case .posted(let sold) = outcomes[2].result
      else {
        Issue.record("\(outcomes)")
        return
      }
      #expect(refusal.reason == "MEMBER_SUSPENDED")
      #expect(others.order?.pointsEarned == 5)
      #expect(sold.order?.pointsEarned == 0)
    }
  }
}

extension LoyaltyHarness {
  /// Waits until the ledger has heard in which standing a member is.
  fileprivate func hear(of member: UUID, _ standing: MemberStanding) async throws {
    try await eventually("the ledger hears of the member") {
      try await database.query("SELECT standing FROM ledger_account WHERE member_id = \(member) AND asset = 1")
        .first?.decode(column: 0, as: MemberStanding.self) == standing
    }
  }
}
