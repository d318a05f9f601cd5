import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Many receipts at once: offline tills and imports (M8)")
struct PostOrdersTests {
  @Test("every receipt has an outcome of its own, in order; one that is refused keeps no other back (M8)")
  func outcomes() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      var poor = LoyaltyV1.PostOrderRequest.sample(member, 100_000)
      poor.pointsToRedeem = 10_000
      var wrong = LoyaltyV1.PostOrderRequest.sample(member, 100)
      wrong.storeID = ""
      let good = LoyaltyV1.PostOrderRequest.sample(member, 5_000)
      let orders = [good, poor, wrong, good, .sample(UUID(), 100)]
      let outcomes = try await loyalty.client.postOrders(.init(orders: orders)).outcomes
      #expect(outcomes.map(\.requestID) == orders.map(\.requestID))
      #expect(outcomes[0].result == outcomes[3].result)
      guard case .posted(let posted) = outcomes[0].result else { throw TestFailure() }
      #expect(posted.balancePoints == 50)
      let refusals = outcomes.map { outcome in
        if case .refused(let refusal) = outcome.result { refusal.reason } else { "" }
      }
      #expect(refusals == ["", "INSUFFICIENT_POINTS", "REQUIRED", "", "ACCOUNT_NOT_FOUND"])
      guard case .refused(let refusal) = outcomes[1].result else { throw TestFailure() }
      #expect(refusal.metadata["missing_points"] == "9950")
      #expect(refusal.code == 9)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a thousand receipts of many members, sent twice, count once; a member's receipts keep their order (M8, M6)")
  func thousand() async throws {
    try await LoyaltyHarness.with { loyalty in
      var members: [UUID] = []
      for _ in 0..<10 { members.append(try await loyalty.openAccount()) }
      let orders = (0..<1_000).map { LoyaltyV1.PostOrderRequest.sample(members[$0 % 10], 100) }
      let first = try await loyalty.client.postOrders(.init(orders: orders))
      #expect(try await loyalty.client.postOrders(.init(orders: orders)) == first)
      let balances = first.outcomes.map { outcome in
        if case .posted(let posted) = outcome.result { posted.balancePoints } else { Int64(-1) }
      }
      let expected: [Int64] = (0..<1_000).map { Int64($0 / 10 + 1) }
      #expect(balances == expected)
      #expect(try await loyalty.orderCount() == 1_000)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("no receipts, or more than a thousand, are refused (M8)")
  func count() async throws {
    try await LoyaltyHarness.with { loyalty in
      await expectReason("TOO_FEW") { try await loyalty.client.postOrders(.init()) }
      let order = LoyaltyV1.PostOrderRequest.sample(UUID(), 100)
      await expectReason("TOO_MANY") {
        try await loyalty.client.postOrders(.init(orders: Array(repeating: order, count: 1_001)))
      }
    }
  }

  @Test("a stream takes any number of receipts, and answers each in order, far beyond its window (M8)")
  func stream() async throws {
    var settings = LoyaltySettings()
    settings.streamWindowMaximum = 20
    try await LoyaltyHarness.with(settings: settings) { loyalty in
      var members: [UUID] = []
      for _ in 0..<5 { members.append(try await loyalty.openAccount()) }
      var orders = (0..<600).map { LoyaltyV1.PostOrderRequest.sample(members[$0 % 5], 100) }
      orders[300].storeID = ""
      let sent = orders
      let call = try await loyalty.client.streamOrders()
      async let sending: Void = {
        for order in sent { try await call.send(.init(order: order)) }
        call.finishSending()
      }()
      var outcomes: [LoyaltyV1.PostOrderOutcome] = []
      for try await response in call.responses { outcomes.append(response.outcome ?? .init()) }
      try await sending
      #expect(outcomes.map(\.requestID) == sent.map(\.requestID))
      #expect(outcomes.count { if case .posted = $0.result { true } else { false } } == 599)
      #expect(try await loyalty.orderCount() == 599)
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}

/// Something was not of the kind that it had to be.
private struct TestFailure: Error {}
