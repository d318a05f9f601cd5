import Basics
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import Postgres
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("What is stored of an answer is what was answered (M6)")
struct StoredAnswerTests {
  /// A line with a field that no version of the ledger knows.
  private func line(_ line: CommonV1.OrderLine) throws -> CommonV1.OrderLine {
    // Field 1,000, a number: 1.
    try CommonV1.OrderLine(serializedBytes: try line.serializedBytes() + [0xC0, 0x3E, 0x01])
  }

  @Test("an order is stored, answered and announced with every field of its receipt, also those of newer tills")
  func orders() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      var request = LoyaltyV1.PostOrderRequest.sample(member, 1_234, 99)
      request.occurredAt?.nanos = 123_456_789
      request.lines = try request.lines.map(line)
      let answer = try #require(try await loyalty.client.postOrder(request).order)
      #expect(answer.lines == request.lines)
      #expect(answer.lines.allSatisfy { !$0.unknownFields.isEmpty })
      #expect(answer.occurredAt == request.occurredAt)
      let stored = try await loyalty.database.query("SELECT posted_order FROM orders")[0].decode(
        column: 0,
        as: [UInt8].self
      )
      #expect(stored == (try answer.serializedBytes()))
      let payload = try await loyalty.database.query("SELECT payload FROM event")[0].decode(column: 0, as: [UInt8].self)
      let event = try LoyaltyV1.LoyaltyEvent(serializedBytes: payload)
      #expect(event.kind == .orderPosted(LoyaltyV1.OrderPosted(order: answer, balancePoints: 13)))
      #expect(event.recordedAt == answer.postedAt)
    }
  }

  @Test("openings and returns, also those that wait for their sale, are answered again byte for byte")
  func others() async throws {
    try await LoyaltyHarness.with { loyalty in
      let opening = LoyaltyV1.OpenAccountRequest(requestID: loyalty.ids.next().text, memberID: UUID().text)
      let opened = try await loyalty.client.openAccount(opening).serializedBytes()
      let member = try #require(UUID(uuidString: opening.memberID))
      let sale = LoyaltyV1.PostOrderRequest.sample(member, 1_050, 3_000)
      let later = LoyaltyV1.PostReturnRequest(
        requestID: loyalty.ids.next().text,
        memberID: member.text,
        key: .receipt(.init(storeID: sale.storeID, receiptNumber: sale.receiptNumber)),
        storeID: "store-2",
        lines: [.init(line: 0)],
        reason: "early"
      )
      let waits = try await loyalty.client.postReturn(later)
      #expect(waits.state == .waiting)
      let order = try await loyalty.client.postOrder(sale).orderID
      var next = later
      next.requestID = loyalty.ids.next().text
      next.key = .orderID(order)
      next.lines = [.init(line: 1)]
      let applied = try await loyalty.client.postReturn(next)
      #expect(applied.state == .applied)

      #expect(try await loyalty.client.openAccount(opening).serializedBytes() == opened)
      #expect(try await loyalty.client.postReturn(later).serializedBytes() == (try waits.serializedBytes()))
      #expect(try await loyalty.client.postReturn(next).serializedBytes() == (try applied.serializedBytes()))
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}
