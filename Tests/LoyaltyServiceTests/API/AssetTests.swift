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

@Suite("Assets: several currencies of points, and stored value")
struct AssetTests {
  @Test("growth value is counted apart from the points that can be spent (L10)")
  func growth() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      _ = try await loyalty.client.credit(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, asset: "growth", amount: 7)
      )
      let growth = try await loyalty.client.getBalance(.init(memberID: member.text, asset: "growth")).balance
      #expect(growth?.points == 7)
      #expect(growth?.asset == "growth")
      #expect(try await loyalty.balance(of: member).points == 100)
      #expect(try await loyalty.entries(of: member).map(\.asset) == ["growth", "points"])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test(
    "money that is paid in comes from the float and its bonus from the programme; both can be spent, one returned (L11, M2)"
  )
  func storedValue() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let deposit = LoyaltyV1.DepositRequest(
        requestID: loyalty.ids.next().text,
        memberID: member.text,
        asset: "stored_cny",
        amount: 50_000,
        bonusAmount: 5_000,
        bonusExpiresOn: "2098-12-31"
      )
      let answer = try await loyalty.client.deposit(deposit)
      #expect(answer.transaction?.postings.map(\.available) == [50_000, 55_000])
      #expect(try await loyalty.client.deposit(deposit) == answer)
      _ = try await loyalty.client.debit(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, asset: "stored_cny", amount: 6_000)
      )
      let balance = try #require(
        try await loyalty.client.getBalance(.init(memberID: member.text, asset: "stored_cny")).balance
      )
      #expect(balance.points == 49_000)
      #expect(balance.lots == [.init(expiresOn: "", amount: 49_000)], "the bonus expires, so it was spent first")
      _ = try await loyalty.client.withdraw(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, asset: "stored_cny", amount: 9_000)
      )
      let entries = try await loyalty.entries(of: member)
      #expect(entries.map(\.counterAccount) == ["stored_value_float", "redeemed", "gift_bonus", "stored_value_float"])
      #expect(entries.map(\.type) == [.withdraw, .redeem, .deposit, .deposit])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("what is for money is refused for points, and the other way round")
  func kinds() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 10)
      let id = loyalty.ids.next().text
      await expectReason("WRONG_KIND_OF_ASSET") {
        try await loyalty.client.credit(.init(requestID: id, memberID: member.text, asset: "stored_cny", amount: 1))
      }
      await expectReason("WRONG_KIND_OF_ASSET") {
        try await loyalty.client.deposit(.init(requestID: id, memberID: member.text, asset: "points", amount: 1))
      }
      await expectReason("WRONG_KIND_OF_ASSET") {
        try await loyalty.client.withdraw(.init(requestID: id, memberID: member.text, amount: 1))
      }
      await expectReason("ASSET_NOT_FOUND") {
        try await loyalty.client.debit(.init(requestID: id, memberID: member.text, asset: "gold", amount: 1))
      }
    }
  }

  @Test("more assets than there may be are refused")
  func tooMany() async throws {
    try await LoyaltyHarness.with { loyalty in
      _ = try await loyalty.database.execute("INSERT INTO asset VALUES (999, 'last', 1, NULL)")
      let request = LoyaltyV1.CreateAssetRequest(
        requestID: loyalty.ids.next().text,
        asset: .init(code: "more", kind: .points)
      )
      await expectReason("TOO_MANY_ASSETS") { try await loyalty.client.createAsset(request) }
    }
  }

  @Test("an asset can be added, once; its balance is 0 until something moves")
  func create() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = LoyaltyV1.CreateAssetRequest(
        requestID: loyalty.ids.next().text,
        asset: .init(code: "stored_hkd", kind: .money, currencyCode: "HKD")
      )
      let answer = try await loyalty.client.createAsset(request)
      #expect(try await loyalty.client.createAsset(request) == answer)
      var other = request
      other.requestID = loyalty.ids.next().text
      await expectReason("ASSET_EXISTS") { try await loyalty.client.createAsset(other) }
      let codes = try await loyalty.client.listAssets(.init()).assets.map(\.code)
      #expect(codes == ["points", "growth", "stored_cny", "stored_hkd"])
      let balance = try await loyalty.client.getBalance(.init(memberID: member.text, asset: "stored_hkd")).balance
      #expect(balance?.points == 0)
      var bad = request
      bad.asset = .init(code: "Gold!", kind: .unspecified, currencyCode: "CNY")
      let error = await expectReason("INVALID_FIELDS") { try await loyalty.client.createAsset(bad) }
      #expect(error?.code == .invalidArgument)
    }
  }
}
