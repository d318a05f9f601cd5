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

@Suite("Transfers between members (M14)")
struct TransferTests {
  @Test("what one member gives the other gets, with its last days; the account between them is at 0 (M2, M14)")
  func moves() async throws {
    try await LoyaltyHarness.with { loyalty in
      let (from, to) = (try await loyalty.openAccount(), try await loyalty.openAccount(points: 5))
      _ = try await loyalty.client.credit(
        .init(requestID: loyalty.ids.next().text, memberID: from.text, amount: 40, expiresOn: "2097-12-31")
      )
      let request = LoyaltyV1.TransferRequest(
        requestID: loyalty.ids.next().text,
        fromMemberID: from.text,
        toMemberID: to.text,
        amount: 30
      )
      let answer = try await loyalty.client.transfer(request)
      #expect(answer.transaction?.postings == [.init(type: .transferOut, asset: "points", amount: 30, available: 10)])
      #expect(try await loyalty.client.transfer(request) == answer)
      #expect(
        try await loyalty.balance(of: to).lots == [.init(expiresOn: "2097-12-31", amount: 30), .init(amount: 5)]
      )
      let between = try await loyalty.database.query(
        "SELECT coalesce(sum(balance), 0)::bigint FROM programme_account WHERE account = 10"
      )
      #expect(try between[0].decode(column: 0, as: Int64.self) == 0)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("without an amount all that can be spent moves, as when two members are merged (M14)")
  func all() async throws {
    try await LoyaltyHarness.with { loyalty in
      let (from, to) = (try await loyalty.openAccount(points: 77), try await loyalty.openAccount())
      var request = LoyaltyV1.TransferRequest(
        requestID: loyalty.ids.next().text,
        fromMemberID: from.text,
        toMemberID: to.text
      )
      _ = try await loyalty.client.transfer(request)
      #expect(try await loyalty.balance(of: from).points == 0)
      #expect(try await loyalty.balance(of: to).points == 77)
      request.requestID = loyalty.ids.next().text
      await expectReason("INSUFFICIENT_POINTS") { try await loyalty.client.transfer(request) }
    }
  }

  @Test("members who send each other points at the same time lose and gain nothing (M10)")
  func crossing() async throws {
    try await LoyaltyHarness.with { loyalty in
      var members: [UUID] = []
      for _ in 0..<6 { members.append(try await loyalty.openAccount(points: 100)) }
      let all = members
      _ = try await atOnce(120) { number in
        let (from, to) = (all[number % 6], all[(number + 1 + number / 6 % 5) % 6])
        do {
          _ = try await loyalty.client.transfer(
            .init(
              requestID: loyalty.ids.next().text,
              fromMemberID: from.text,
              toMemberID: to.text,
              amount: Int64(1 + number % 40)
            )
          )
        } catch let error as RPCError where LoyaltyReason.insufficientPoints.matches(error) {}
      }
      var sum: Int64 = 0
      for member in members { sum += try await loyalty.balance(of: member).points }
      #expect(sum == 600)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("to oneself, to nobody, or under a request id that the other member's request has: refused (M6, M19)")
  func refused() async throws {
    try await LoyaltyHarness.with { loyalty in
      let (from, to) = (try await loyalty.openAccount(points: 10), try await loyalty.openAccount())
      var request = LoyaltyV1.TransferRequest(
        requestID: loyalty.ids.next().text,
        fromMemberID: from.text,
        toMemberID: from.text,
        amount: 1
      )
      await expectReason("SAME") { try await loyalty.client.transfer(request) }
      request.toMemberID = UUID().text
      let error = await expectReason("ACCOUNT_NOT_FOUND") { try await loyalty.client.transfer(request) }
      #expect(error?.info?.metadata["member_id"] == request.toMemberID)
      _ = try await loyalty.client.credit(.init(requestID: request.requestID, memberID: to.text, amount: 1))
      request.toMemberID = to.text
      await expectReason("REQUEST_ID_REUSED") { try await loyalty.client.transfer(request) }
      #expect(try await loyalty.balance(of: from).points == 10)
    }
  }
}
