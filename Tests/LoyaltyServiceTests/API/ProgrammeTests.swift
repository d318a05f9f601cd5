import Basics
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The programme, edited by the business (L5)")
struct ProgrammeTests {
  private func programme(_ loyalty: LoyaltyHarness) async throws -> LoyaltyV1.Programme {
    try #require(try await loyalty.client.getProgramme(.init()).programme)
  }

  private func update(
    _ loyalty: LoyaltyHarness,
    _ paths: [String],
    _ change: (inout LoyaltyV1.Programme) -> Void
  ) async throws -> LoyaltyV1.UpdateProgrammeRequest {
    var programme = try await programme(loyalty)
    change(&programme)
    return LoyaltyV1.UpdateProgrammeRequest(
      requestID: loyalty.ids.next().text,
      programme: programme,
      updateMask: GoogleProtobuf.FieldMask(paths: paths)
    )
  }

  @Test("begins with one point a yuan, and a hundred points pay a yuan (L5)")
  func first() async throws {
    try await LoyaltyHarness.with { loyalty in
      let programme = try await programme(loyalty)
      #expect(programme.currencyCode == "CNY")
      #expect(programme.earnRule == LoyaltyV1.EarnRule(points: 1, perMinorUnits: 100, rounding: .down))
      #expect(programme.redeemRule == LoyaltyV1.RedeemRule(points: 100, minorUnits: 100))
    }
  }

  @Test("orders posted after a change earn by the new rule; earlier ones keep theirs (L5)")
  func changesRule() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let before = try await loyalty.client.postOrder(.sample(member, 1_050))
      let request = try await update(loyalty, ["earn_rule"]) {
        $0.earnRule = LoyaltyV1.EarnRule(points: 3, perMinorUnits: 100, rounding: .up)
        $0.name = "ignored"
      }
      let changed = try #require(try await loyalty.client.updateProgramme(request).programme)
      #expect(changed.earnRule == request.programme?.earnRule)
      #expect(changed.name == "Points")
      let after = try await loyalty.client.postOrder(.sample(member, 1_050))
      #expect(before.order?.pointsEarned == 10)
      #expect(after.order?.pointsEarned == 32)
      #expect(try await loyalty.client.getOrder(.init(key: .orderID(before.orderID))).order == before.order)
    }
  }

  @Test("a change made on an old version is refused (L5)")
  func etag() async throws {
    try await LoyaltyHarness.with { loyalty in
      let first = try await update(loyalty, ["name"]) { $0.name = "One" }
      let second = try await update(loyalty, ["name"]) { $0.name = "Two" }
      _ = try await loyalty.client.updateProgramme(first)
      let error = await expectReason("ETAG_MISMATCH") { try await loyalty.client.updateProgramme(second) }
      #expect(error?.code == .aborted)
      #expect(try await programme(loyalty).name == "One")
    }
  }

  @Test("the same change gives the first answer again (M6)")
  func repeats() async throws {
    try await LoyaltyHarness.with { loyalty in
      let request = try await update(loyalty, ["name"]) { $0.name = "One" }
      let first = try await loyalty.client.updateProgramme(request)
      #expect(try await loyalty.client.updateProgramme(request) == first)
    }
  }

  @Test("the currency can change until the first order is posted (M1)")
  func currency() async throws {
    try await LoyaltyHarness.with { loyalty in
      let toDollar = try await update(loyalty, ["currency_code"]) { $0.currencyCode = "USD" }
      #expect(try await loyalty.client.updateProgramme(toDollar).programme?.currencyCode == "USD")
      let member = try await loyalty.openAccount()
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      request.lines[0].amount?.currencyCode = "USD"
      _ = try await loyalty.client.postOrder(request)
      let back = try await update(loyalty, ["currency_code"]) { $0.currencyCode = "CNY" }
      let error = await expectReason("CURRENCY_IN_USE") { try await loyalty.client.updateProgramme(back) }
      #expect(error?.code == .failedPrecondition)
    }
  }

  @Test("rules out of their ranges are refused by field (L5)")
  func validates() async throws {
    try await LoyaltyHarness.with { loyalty in
      let request = try await update(loyalty, ["earn_rule", "redeem_rule", "name"]) {
        $0.name = ""
        $0.earnRule = LoyaltyV1.EarnRule(points: -1, perMinorUnits: 0, rounding: .unspecified)
        $0.redeemRule = nil
      }
      let error = await #expect(throws: RPCError.self) { try await loyalty.client.updateProgramme(request) }
      #expect(error?.code == .invalidArgument)
      #expect(
        Set((error?.fieldViolations ?? []).map(\.field)) == [
          "programme.name", "programme.earn_rule.points", "programme.earn_rule.per_minor_units",
          "programme.earn_rule.rounding", "programme.redeem_rule",
        ]
      )
    }
  }

  @Test("orders posted while the rule changes earn by one rule or the other, never by a mixture (L5)")
  func racing() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = try await update(loyalty, ["earn_rule"]) { $0.earnRule?.points = 2 }
      async let changed = loyalty.client.updateProgramme(request)
      let answers = try await atOnce(20) { _ in try await loyalty.client.postOrder(.sample(member, 1_000)) }
      _ = try await changed
      let earned = answers.compactMap(\.order?.pointsEarned)
      #expect(Set(earned).isSubset(of: [10, 20]))
      #expect(try await loyalty.balance(of: member).points == earned.reduce(0, +))
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}
