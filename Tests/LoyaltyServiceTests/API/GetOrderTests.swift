import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("GetOrder (L1)")
struct GetOrderTests {
  @Test("finds an order by its id and by its receipt (L1)")
  func finds() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      let posted = try await loyalty.client.postOrder(request)
      let receipt = LoyaltyV1.Receipt(storeID: request.storeID, receiptNumber: request.receiptNumber)
      #expect(try await loyalty.client.getOrder(.init(key: .orderID(request.requestID))).order == posted.order)
      #expect(try await loyalty.client.getOrder(.init(key: .receipt(receipt))).order == posted.order)
    }
  }

  @Test("a reversed order says when it was reversed (M7)")
  func saysReversed() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let posted = try await loyalty.client.postOrder(.sample(member, 1_000))
      let reversed = try await loyalty.client.reverseOrder(.sample(of: posted.orderID))
      #expect(try await loyalty.client.getOrder(.init(key: .orderID(posted.orderID))).order == reversed.order)
    }
  }

  @Test("what is not known is refused, and so is what names nothing (L1)")
  func refuses() async throws {
    try await LoyaltyHarness.with { loyalty in
      let receipt = LoyaltyV1.Receipt(storeID: "nowhere", receiptNumber: "1")
      await expectReason("ORDER_NOT_FOUND") { try await loyalty.client.getOrder(.init(key: .orderID(UUID().text))) }
      await expectReason("ORDER_NOT_FOUND") { try await loyalty.client.getOrder(.init(key: .receipt(receipt))) }
      await expectReason("REQUIRED") { try await loyalty.client.getOrder(.init()) }
      await expectReason("NOT_UUID") { try await loyalty.client.getOrder(.init(key: .orderID("42"))) }
    }
  }
}
