import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Points given and taken without a receipt (L1)")
struct MovementTests {
  private func credit(_ loyalty: LoyaltyHarness, _ member: UUID, _ amount: Int64) -> LoyaltyV1.CreditRequest {
    .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: amount)
  }

  private func debit(_ loyalty: LoyaltyHarness, _ member: UUID, _ amount: Int64) -> LoyaltyV1.DebitRequest {
    .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: amount)
  }

  @Test("what is given can be spent, and the entries say so (L1)")
  func givesAndTakes() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let given = try await loyalty.client.credit(credit(loyalty, member, 500)).transaction
      #expect(given?.postings == [.init(type: .earn, asset: "points", amount: 500, available: 500)])
      let taken = try await loyalty.client.debit(debit(loyalty, member, 120)).transaction
      #expect(taken?.postings == [.init(type: .redeem, asset: "points", amount: 120, available: 380)])
      #expect(try await loyalty.balance(of: member).points == 380)
      #expect(try await loyalty.entries(of: member).map(\.points) == [-120, 500])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test(
    "the same request gives the same answer, byte for byte; another one under its id is refused with both digests (M6)"
  )
  func idempotent() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = credit(loyalty, member, 500)
      let answers = try await atOnce(10) { _ in try await loyalty.client.credit(request) }
      #expect(Set(answers).count == 1)
      #expect(try await loyalty.client.credit(request) == answers[0])
      #expect(try await loyalty.balance(of: member).points == 500)
      var other = request
      other.amount = 501
      await expectReason("REQUEST_ID_REUSED") { try await loyalty.client.credit(other) }
      let debit = LoyaltyV1.DebitRequest(requestID: request.requestID, memberID: member.text, amount: 500)
      await expectReason("REQUEST_ID_REUSED") { try await loyalty.client.debit(debit) }
    }
  }

  @Test("ids may come in any order: late ones are done once, and repeated ones are answered as at first (M6)")
  func anyOrder() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let requests = (1...6).map { credit(loyalty, member, $0) }
      var answers: [Int: LoyaltyV1.CreditResponse] = [:]
      for number in [3, 0, 5, 1, 4, 2] { answers[number] = try await loyalty.client.credit(requests[number]) }
      for (number, request) in requests.enumerated() {
        let again = try await loyalty.client.credit(request)
        #expect(again == answers[number])
      }
      #expect(try await loyalty.balance(of: member).points == 21)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("nothing is overdrawn, however many ask at once (M10)")
  func neverOverdrawn() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      let outcomes = try await atOnce(30) { _ in
        do {
          _ = try await loyalty.client.debit(debit(loyalty, member, 30))
          return true
        } catch let error as RPCError where LoyaltyReason.insufficientPoints.matches(error) {
          return false
        }
      }
      #expect(outcomes.filter(\.self).count == 3)
      #expect(try await loyalty.balance(of: member).points == 10)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("the soonest to expire is spent first, and the entry names the slices (M3)")
  func soonestFirst() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      for (day, amount) in [("2098-12-31", 50), ("2097-12-31", 30), ("", 20)] as [(String, Int64)] {
        var request = credit(loyalty, member, amount)
        request.expiresOn = day
        _ = try await loyalty.client.credit(request)
      }
      _ = try await loyalty.client.debit(debit(loyalty, member, 60))
      let row = try await loyalty.database.query("SELECT lots FROM ledger_entry WHERE entry_type = 2")[0]
      let slices = try row.decode(column: 0, as: [Int64].self)
      let days = try [#require(Day("2097-12-31")), #require(Day("2098-12-31"))].map { Int64($0.rawValue) }
      #expect(slices == [days[0], 30, days[1], 30])
    }
  }

  @Test("wrong fields are refused, each with what to change (M19)")
  func validation() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      var request = credit(loyalty, member, 0)
      await expectReason("OUT_OF_RANGE") { try await loyalty.client.credit(request) }
      request.amount = 1
      for (day, reason) in [("2026-02-30", "NOT_A_DAY"), ("tomorrow", "NOT_A_DAY"), ("2020-01-01", "DAY_IS_OVER")] {
        request.expiresOn = day
        await expectReason(reason) { try await loyalty.client.credit(request) }
      }
      request.expiresOn = ""
      request.asset = "gold"
      await expectReason("ASSET_NOT_FOUND") { try await loyalty.client.credit(request) }
      let stranger = credit(loyalty, UUID(), 1)
      await expectReason("ACCOUNT_NOT_FOUND") { try await loyalty.client.credit(stranger) }
    }
  }
}
