import Basics
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import Postgres
import RPC
import SeededRandomness
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("History: entries by time and type, balances of the past, statements (L13)")
struct HistoryTests {
  private func at(_ date: Date) -> GoogleProtobuf.Timestamp { .init(date: date) }

  @Test("entries are listed by asset, type and period, by pages (L13)")
  func filters() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await loyalty.openAccount()
      for day in 0..<4 {
        for asset in ["points", "growth"] {
          _ = try await loyalty.client.credit(
            .init(requestID: loyalty.ids.next().text, memberID: member.text, asset: asset, amount: Int64(day + 1))
          )
        }
        _ = try await loyalty.client.debit(
          .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1)
        )
        clock.advance(by: .seconds(86_400))
      }
      var request = LoyaltyV1.ListEntriesRequest(memberID: member.text, asset: "points", types: [.earn])
      #expect(try await loyalty.client.listEntries(request).entries.map(\.points) == [4, 3, 2, 1])
      request.recordedFrom = at(clock.now.addingTimeInterval(-3 * 86_400))
      request.recordedUntil = at(clock.now.addingTimeInterval(-86_400))
      #expect(try await loyalty.client.listEntries(request).entries.map(\.points) == [3, 2])
      request.types = []
      request.asset = ""
      request.pageSize = 4
      var listed: [Int64] = []
      repeat {
        let page = try await loyalty.client.listEntries(request)
        listed += page.entries.map(\.points)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(listed == [-1, 3, 3, -1, 2, 2])
      request.recordedUntil = at(clock.now.addingTimeInterval(-4 * 86_400))
      await expectReason("ENDS_BEFORE_IT_BEGINS") { try await loyalty.client.listEntries(request) }
    }
  }

  @Test("the balance of any past instant is what was read at it, whatever was entered later (M16, L13)")
  func asOf() async throws {
    let seed = PropertySeed("balances of the past")
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      var random = seed.random
      let member = try await loyalty.openAccount()
      var seen: [(Date, LoyaltyV1.Balance)] = []
      for step in 0..<40 {
        let amount = Int64.random(in: 1...50, using: &random)
        let day = "2023-\(12 - step % 2)-\(15 + step % 14)"
        if Bool.random(using: &random) {
          _ = try await loyalty.client.credit(
            .init(
              requestID: loyalty.ids.next().text,
              memberID: member.text,
              amount: amount,
              expiresOn: max(day, "2023-12-15")
            )
          )
        } else {
          _ = try? await loyalty.client.debit(
            .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: amount)
          )
        }
        clock.advance(by: .seconds(Int64.random(in: 3_600...100_000, using: &random)))
        seen.append((clock.now, try await loyalty.balance(of: member)))
        clock.advance(by: .seconds(1))
        guard clock.now < Date(timeIntervalSince1970: 1_702_500_000) else { break }
      }
      clock.advance(by: .seconds(90 * 86_400))
      _ = try await loyalty.client.credit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1))
      for (date, balance) in seen {
        let then = try await loyalty.client.getBalance(.init(memberID: member.text, asOf: at(date))).balance
        #expect(then?.points == balance.points, "\(seed)")
        #expect(then?.lots == balance.lots, "\(seed)")
        #expect(then?.lifetimePointsEarned == balance.lifetimePointsEarned, "\(seed)")
        #expect(then?.lifetimePointsRedeemed == balance.lifetimePointsRedeemed, "\(seed)")
      }
      let early = LoyaltyV1.GetBalanceRequest(memberID: member.text, asOf: at(Date(timeIntervalSince1970: 0)))
      #expect(try await loyalty.client.getBalance(early).balance?.points == 0)
      let future = LoyaltyV1.GetBalanceRequest(memberID: member.text, asOf: at(clock.now.addingTimeInterval(60)))
      await expectReason("IN_FUTURE") { try await loyalty.client.getBalance(future) }
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a statement says what a period began with, what came and went by type, and what it ended with (L13)")
  func statement() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      clock.advance(by: .seconds(3_600))
      let from = clock.now
      let sale = try await loyalty.client.postOrder(.sample(member, 5_000)).orderID
      _ = try await loyalty.client.debit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 30))
      _ = try await loyalty.client.hold(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 20))
      _ = try await loyalty.client.reverseOrder(.sample(of: sale))
      clock.advance(by: .seconds(60))
      let until = clock.now
      _ = try await loyalty.client.postOrder(.sample(member, 700))
      var request = LoyaltyV1.GetStatementRequest(
        memberID: member.text,
        recordedFrom: at(from),
        recordedUntil: at(until)
      )
      let statement = try await loyalty.client.getStatement(request)
      #expect(statement.asset == "points")
      #expect(statement.openingBalance == 100)
      #expect(statement.closingBalance == 50)
      #expect(
        statement.lines == [
          .init(type: .earn, entryCount: 1, added: 50), .init(type: .redeem, entryCount: 1, taken: 30),
          .init(type: .earnReversal, entryCount: 1, taken: 50), .init(type: .hold, entryCount: 1, taken: 20),
        ]
      )
      request.recordedFrom = nil
      request.recordedUntil = nil
      let whole = try await loyalty.client.getStatement(request)
      #expect([whole.openingBalance, whole.closingBalance] == [0, 57] as [Int64])
      request.memberID = UUID().text
      await expectReason("ACCOUNT_NOT_FOUND") { try await loyalty.client.getStatement(request) }
    }
  }
}
