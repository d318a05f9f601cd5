import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("ReverseOrder (M7)")
struct ReverseOrderTests {
  @Test("takes what the receipt earned and gives back what it redeemed (M7)")
  func reverses() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 500)
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      request.pointsToRedeem = 300
      _ = try await loyalty.client.postOrder(request)
      let response = try await loyalty.client.reverseOrder(.sample(of: request.requestID))
      #expect(response.pointsTaken == 7)
      #expect(response.pointsReturned == 300)
      #expect(response.pointsShort == 0)
      #expect(response.balancePoints == 500)
      #expect(response.order?.reversedAt != nil)
      let entries = try await loyalty.entries(of: member)
      #expect(entries.prefix(2).map(\.type) == [.earnReversal, .redeemReversal])
      #expect(entries.prefix(2).map(\.points) == [-7, 300])
      #expect(entries.prefix(2).map(\.counterAccount) == ["issued", "redeemed"])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("takes no more than the balance has, and says how many points are missing (M7)")
  func reportsShortage() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let earning = LoyaltyV1.PostOrderRequest.sample(member, 20_000)
      _ = try await loyalty.client.postOrder(earning)
      var spending = LoyaltyV1.PostOrderRequest.sample(member, 200)
      spending.pointsToRedeem = 200
      _ = try await loyalty.client.postOrder(spending)
      let response = try await loyalty.client.reverseOrder(.sample(of: earning.requestID))
      #expect(response.pointsTaken == 0)
      #expect(response.pointsShort == 200)
      #expect(response.balancePoints == 0)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("finds the order by its receipt (M7)")
  func findsByReceipt() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      _ = try await loyalty.client.postOrder(request)
      let receipt = LoyaltyV1.Receipt(storeID: request.storeID, receiptNumber: request.receiptNumber)
      let reversal = LoyaltyV1.ReverseOrderRequest(
        requestID: loyalty.ids.next().text,
        key: .receipt(receipt),
        reason: "damaged"
      )
      #expect(try await loyalty.client.reverseOrder(reversal).pointsTaken == 10)
    }
  }

  @Test("the same request gives the first answer again, and takes nothing twice (M6)")
  func repeatsTheAnswer() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let posted = try await loyalty.client.postOrder(.sample(member, 1_000))
      let reversal = LoyaltyV1.ReverseOrderRequest.sample(of: posted.orderID)
      let first = try await loyalty.client.reverseOrder(reversal)
      _ = try await loyalty.client.postOrder(.sample(member, 3_000))
      #expect(try await loyalty.client.reverseOrder(reversal).serializedBytes() == first.serializedBytes())
      #expect(try await loyalty.balance(of: member).points == 30)
    }
  }

  @Test("another payload under the same id is refused, also for another order (M6)")
  func refusesReuse() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let one = try await loyalty.client.postOrder(.sample(member, 1_000))
      let other = try await loyalty.client.postOrder(.sample(member, 1_000))
      var reversal = LoyaltyV1.ReverseOrderRequest.sample(of: one.orderID)
      _ = try await loyalty.client.reverseOrder(reversal)
      reversal.key = .orderID(other.orderID)
      await expectReason("REQUEST_ID_REUSED") { try await loyalty.client.reverseOrder(reversal) }
      #expect(try await loyalty.balance(of: member).points == 10)
    }
  }

  @Test("another request for a reversed order is refused (M7)")
  func refusesSecond() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let posted = try await loyalty.client.postOrder(.sample(member, 1_000))
      _ = try await loyalty.client.reverseOrder(.sample(of: posted.orderID))
      let error = await expectReason("ORDER_ALREADY_REVERSED") {
        try await loyalty.client.reverseOrder(.sample(of: posted.orderID))
      }
      #expect(error?.code == .failedPrecondition)
    }
  }

  @Test("an order or a receipt that is not known is refused (M7)")
  func unknown() async throws {
    try await LoyaltyHarness.with { loyalty in
      let receipt = LoyaltyV1.Receipt(storeID: "nowhere", receiptNumber: "1")
      for key in [LoyaltyV1.ReverseOrderRequest.OneOfKey.orderID(UUID().text), .receipt(receipt)] {
        var request = LoyaltyV1.ReverseOrderRequest.sample(of: "")
        request.key = key
        let error = await expectReason("ORDER_NOT_FOUND") { try await loyalty.client.reverseOrder(request) }
        #expect(error?.code == .notFound)
      }
    }
  }

  @Test("many requests racing to reverse one order: exactly one wins (M10)")
  func racing() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let posted = try await loyalty.client.postOrder(.sample(member, 1_000))
      let outcomes = try await atOnce(8) { _ in
        do {
          _ = try await loyalty.client.reverseOrder(.sample(of: posted.orderID))
          return ""
        } catch let error as RPCError {
          return error.info?.reason ?? "\(error)"
        }
      }
      #expect(outcomes.count { $0.isEmpty } == 1)
      #expect(outcomes.count { $0 == "ORDER_ALREADY_REVERSED" } == 7)
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}
