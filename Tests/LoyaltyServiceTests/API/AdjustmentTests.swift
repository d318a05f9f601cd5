import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Corrections by hand (M17)")
struct AdjustmentTests {
  private func adjustment(_ loyalty: LoyaltyHarness, _ member: UUID, _ amount: Int64) -> LoyaltyV1.AdjustRequest {
    .init(
      requestID: loyalty.ids.next().text,
      memberID: member.text,
      amount: amount,
      reason: "收银员少录一件商品",
      staffID: "staff-7"
    )
  }

  @Test(
    "what staff give and take comes from and goes to the compensation account, and who did it and why is kept (M2, M17)"
  )
  func givesAndTakes() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let given = adjustment(loyalty, member, 300)
      let answer = try await loyalty.client.adjust(given)
      #expect(try await loyalty.client.adjust(given) == answer)
      _ = try await loyalty.client.adjust(adjustment(loyalty, member, -100))
      let entries = try await loyalty.entries(of: member)
      #expect(entries.map(\.points) == [-100, 300])
      #expect(entries.map(\.counterAccount) == ["compensation", "compensation"])
      let kept = try await loyalty.database.query(
        "SELECT amount, reason, staff_id FROM adjustment ORDER BY recorded_at"
      ).map { try $0.decode(Int64.self, String.self, String.self) }
      #expect(kept.map(\.0) == [300, -100])
      #expect(kept.allSatisfy { $0.1 == given.reason && $0.2 == "staff-7" })
      #expect(try await loyalty.balance(of: member).lifetimePointsEarned == 0)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a large correction needs somebody else's approval, and none may be larger than the settings say (M17)")
  func approvalBands() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      _ = try await loyalty.client.adjust(adjustment(loyalty, member, 1_000))
      var large = adjustment(loyalty, member, 1_001)
      let error = await expectReason("APPROVAL_NEEDED") { try await loyalty.client.adjust(large) }
      #expect(error?.info?.metadata["free_maximum"] == "1000")
      large.approverID = "staff-7"
      await expectReason("SAME") { try await loyalty.client.adjust(large) }
      for disguise in ["Staff-7", "ｓｔａｆｆ-7"] {
        large.approverID = disguise
        await expectReason("SAME") { try await loyalty.client.adjust(large) }
      }
      for disguise in ["staff-7 ", "staff-7\u{200B}", "staff-7\n"] {
        large.approverID = disguise
        await expectReason("IDENTIFIER_INVALID") { try await loyalty.client.adjust(large) }
      }
      large.approverID = "manager-1"
      _ = try await loyalty.client.adjust(large)
      var huge = adjustment(loyalty, member, 100_001)
      huge.approverID = "manager-1"
      await expectReason("ADJUSTMENT_TOO_LARGE") { try await loyalty.client.adjust(huge) }
      #expect(try await loyalty.balance(of: member).points == 2_001)
    }
  }

  @Test("without a reason or a name nothing is corrected, and nothing goes below zero (M19)")
  func refused() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      var nameless = adjustment(loyalty, member, 5)
      nameless.reason = ""
      nameless.staffID = ""
      let error = await expectReason("REQUIRED") { try await loyalty.client.adjust(nameless) }
      #expect(error?.message.contains("reason") == true)
      await expectReason("OUT_OF_RANGE") { try await loyalty.client.adjust(adjustment(loyalty, member, 0)) }
      await expectReason("INSUFFICIENT_POINTS") { try await loyalty.client.adjust(adjustment(loyalty, member, -1)) }
    }
  }
}
