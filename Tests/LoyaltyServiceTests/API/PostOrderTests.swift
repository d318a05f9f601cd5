import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("PostOrder (L1)")
struct PostOrderTests {
  @Test("a receipt earns points on what is paid, and the answer says what it adds up to (L1)")
  func earns() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let response = try await loyalty.client.postOrder(.sample(member, 1_250, 799))
      let order = try #require(response.order)
      #expect(order.gross == .cny(2_049))
      #expect(order.payable == .cny(2_049))
      #expect(order.pointsDiscount == .cny(0))
      #expect(order.pointsEarned == 20)
      #expect(response.balancePoints == 20)
      #expect(order.lines.count == 2)
      #expect(order.postedAt != nil)
      #expect(order.reversedAt == nil)
    }
  }

  @Test("points pay a part of the receipt; the rest earns points (L1)")
  func redeems() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 500)
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      request.pointsToRedeem = 300
      let response = try await loyalty.client.postOrder(request)
      #expect(response.order?.pointsDiscount == .cny(300))
      #expect(response.order?.payable == .cny(700))
      #expect(response.order?.pointsEarned == 7)
      #expect(response.balancePoints == 207)
      #expect(try await loyalty.balance(of: member).lifetimePointsRedeemed == 300)
    }
  }

  @Test("coupons are taken off before points are earned (C1)")
  func takesCouponsOff() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = LoyaltyV1.PostOrderRequest.sample(member, 1_000).with(discount: 250, reservation: UUID())
      let response = try await loyalty.client.postOrder(request)
      #expect(response.order?.payable == .cny(750))
      #expect(response.order?.couponDiscounts == request.couponDiscounts)
      #expect(response.order?.reservationID == request.reservationID)
      #expect(response.order?.pointsEarned == 7)
    }
  }

  @Test("a receipt that earns nothing is posted all the same (L1)")
  func earnsNothing() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let response = try await loyalty.client.postOrder(.sample(member, 99))
      #expect(response.order?.pointsEarned == 0)
      #expect(try await loyalty.entries(of: member).isEmpty)
      #expect(try await loyalty.client.getOrder(.init(key: .orderID(response.orderID))).order == response.order)
    }
  }

  @Test("the same request gives the first answer byte for byte, whatever happened since (M6)")
  func repeatsTheAnswer() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = LoyaltyV1.PostOrderRequest.sample(member, 1_234)
      let first = try await loyalty.client.postOrder(request)
      _ = try await loyalty.client.postOrder(.sample(member, 5_000))
      _ = try await loyalty.client.reverseOrder(.sample(of: first.orderID))
      let second = try await loyalty.client.postOrder(request)
      #expect(try second.serializedBytes() == first.serializedBytes())
      #expect(try await loyalty.balance(of: member).points == 50)
    }
  }

  @Test("another payload under the same id is refused with both digests, and changes nothing (M6)")
  func refusesReuse() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      _ = try await loyalty.client.postOrder(request)
      request.tillID = "another"
      let error = await #expect(throws: RPCError.self) { try await loyalty.client.postOrder(request) }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.info?.reason == "REQUEST_ID_REUSED")
      let metadata = error?.info?.metadata ?? [:]
      #expect(Set(metadata.filter { $0.key.hasSuffix("sha256") }.values).count == 2)
      #expect(try await loyalty.balance(of: member).points == 10)
    }
  }

  @Test("the same id for another member is refused, too (M6)")
  func refusesReuseForAnotherMember() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      _ = try await loyalty.client.postOrder(request)
      request.memberID = try await loyalty.openAccount().text
      await expectReason("REQUEST_ID_REUSED") { try await loyalty.client.postOrder(request) }
    }
  }

  @Test("a newer reservation does not make another request: the first answer comes again (M6)")
  func ignoresTheReservation() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = LoyaltyV1.PostOrderRequest.sample(member, 1_000).with(discount: 100, reservation: UUID())
      let first = try await loyalty.client.postOrder(request)
      var again = request
      again.reservationID = UUID().text
      #expect(try await loyalty.client.postOrder(again) == first)
    }
  }

  @Test("a receipt counts once: another request is refused, with the order that has it (L1)")
  func refusesReceipt() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let first = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      _ = try await loyalty.client.postOrder(first)
      var second = LoyaltyV1.PostOrderRequest.sample(member, 2_000)
      second.receiptNumber = first.receiptNumber
      let error = await expectReason("RECEIPT_ALREADY_POSTED") { try await loyalty.client.postOrder(second) }
      #expect(error?.code == .alreadyExists)
      #expect(error?.info?.metadata["order_id"] == first.requestID)
      #expect(try await loyalty.balance(of: member).points == 10)
    }
  }

  @Test("the same receipt number in another store is another receipt (L1)")
  func receiptsArePerStore() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let first = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      var second = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      second.receiptNumber = first.receiptNumber
      second.storeID = "another"
      _ = try await loyalty.client.postOrder(first)
      #expect(try await loyalty.client.postOrder(second).balancePoints == 20)
    }
  }

  @Test("too few points: the refusal says how many are missing, and the same id works once they are there (M19)")
  func refusesOverdraft() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 150)
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      request.pointsToRedeem = 200
      let error = await expectReason("INSUFFICIENT_POINTS") { try await loyalty.client.postOrder(request) }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.info?.metadata["missing_points"] == "50")
      #expect(try await loyalty.entries(of: member).count == 1)

      _ = try await loyalty.client.postOrder(.sample(member, 5_000))
      #expect(try await loyalty.client.postOrder(request).balancePoints == 8)
    }
  }

  @Test("a member without an account is refused (L1)")
  func needsAnAccount() async throws {
    try await LoyaltyHarness.with { loyalty in
      let error = await expectReason("ACCOUNT_NOT_FOUND") {
        try await loyalty.client.postOrder(.sample(UUID(), 1_000))
      }
      #expect(error?.code == .notFound)
    }
  }
}
