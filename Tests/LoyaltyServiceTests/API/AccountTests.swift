import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Accounts, balances and entries (L13)")
struct AccountTests {
  @Test("a new account is empty, and opening it again changes nothing (L13)")
  func opens() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = UUID()
      let first = LoyaltyV1.OpenAccountRequest(requestID: loyalty.ids.next().text, memberID: member.text)
      let opened = try await loyalty.client.openAccount(first)
      #expect(opened.balance?.points == 0)
      #expect(opened.balance?.memberID == member.text)
      _ = try await loyalty.client.postOrder(.sample(member, 1_000))
      let second = LoyaltyV1.OpenAccountRequest(requestID: loyalty.ids.next().text, memberID: member.text)
      #expect(try await loyalty.client.openAccount(second).balance?.points == 10)
      #expect(try await loyalty.client.openAccount(first) == opened)
    }
  }

  @Test("one account opened twenty times at once is one account (L13)")
  func opensAtOnce() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = UUID()
      let opened = try await atOnce(20) { _ in
        try await loyalty.client.openAccount(.init(requestID: loyalty.ids.next().text, memberID: member.text))
      }
      #expect(Set(opened.map(\.balance?.openedAt)).count == 1)
    }
  }

  @Test("the balance says what was ever earned and redeemed, reversed receipts left out (L13)")
  func balance() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 500)
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      request.pointsToRedeem = 300
      _ = try await loyalty.client.postOrder(request)
      var balance = try await loyalty.balance(of: member)
      #expect(balance.lifetimePointsEarned == 507)
      #expect(balance.lifetimePointsRedeemed == 300)
      _ = try await loyalty.client.reverseOrder(.sample(of: request.requestID))
      balance = try await loyalty.balance(of: member)
      #expect(balance.lifetimePointsEarned == 500)
      #expect(balance.lifetimePointsRedeemed == 0)
      #expect(balance.points == 500)
    }
  }

  @Test("a member without an account is refused (L13)")
  func unknown() async throws {
    try await LoyaltyHarness.with { loyalty in
      await expectReason("ACCOUNT_NOT_FOUND") { try await loyalty.client.getBalance(.init(memberID: UUID().text)) }
      await expectReason("ACCOUNT_NOT_FOUND") { try await loyalty.client.listEntries(.init(memberID: UUID().text)) }
    }
  }

  @Test("entries come latest first, with both accounts, the receipt and the balance after each (M2)")
  func entries() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 200)
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      request.pointsToRedeem = 200
      _ = try await loyalty.client.postOrder(request)
      let entries = try await loyalty.entries(of: member)
      #expect(entries.map(\.type) == [.earn, .redeem, .earn])
      #expect(entries.map(\.points) == [8, -200, 200])
      #expect(entries.map(\.balancePoints) == [8, 0, 200])
      #expect(entries.map(\.counterAccount) == ["issued", "redeemed", "issued"])
      #expect(entries[0].orderID == request.requestID)
      #expect(entries[0].receiptNumber == request.receiptNumber)
      #expect(entries[0].storeID == request.storeID)
    }
  }

  @Test("pages of entries meet without a gap, also when new entries come in between (L13)")
  func pages() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      for _ in 0..<7 { _ = try await loyalty.client.postOrder(.sample(member, 100)) }
      var request = LoyaltyV1.ListEntriesRequest(memberID: member.text, pageSize: 3)
      var balances: [Int64] = []
      repeat {
        let page = try await loyalty.client.listEntries(request)
        balances += page.entries.map(\.balancePoints)
        request.pageToken = page.nextPageToken
        _ = try await loyalty.client.postOrder(.sample(member, 100))
      } while !request.pageToken.isEmpty
      #expect(balances == [7, 6, 5, 4, 3, 2, 1])
    }
  }

  @Test("a sale that arrives late is listed when it arrived, so that the latest entry has the balance of now (M8)")
  func lateArrival() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      var late = LoyaltyV1.PostOrderRequest.sample(member, 700)
      late.requestID = "01900000-0000-7000-8000-000000000001"
      _ = try await loyalty.client.postOrder(.sample(member, 300))
      _ = try await loyalty.client.postOrder(late)
      let entries = try await loyalty.entries(of: member)
      #expect(entries.map(\.points) == [7, 3])
      #expect(entries.map(\.balancePoints) == [10, 3])
    }
  }

  @Test("a page token of another member's list is refused (L13)")
  func foreignToken() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      for _ in 0..<2 { _ = try await loyalty.client.postOrder(.sample(member, 100)) }
      let page = try await loyalty.client.listEntries(.init(memberID: member.text, pageSize: 1))
      let other = try await loyalty.openAccount()
      await expectReason("PAGE_TOKEN_INVALID") {
        try await loyalty.client.listEntries(.init(memberID: other.text, pageSize: 1, pageToken: page.nextPageToken))
      }
    }
  }
}
