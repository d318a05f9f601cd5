import Basics
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Holds: set aside, then spent or given back (M5)")
struct HoldTests {
  private func hold(
    _ loyalty: LoyaltyHarness,
    _ member: UUID,
    _ amount: Int64,
    seconds: Int64? = nil
  ) async throws -> String {
    let id = loyalty.ids.next().text
    _ = try await loyalty.client.hold(
      .init(
        requestID: id,
        memberID: member.text,
        amount: amount,
        timeToLive: seconds.map { GoogleProtobuf.Duration(seconds: $0) }
      )
    )
    return id
  }

  @Test("what is held cannot be spent by anybody else (M5)")
  func setAside() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      let id = try await hold(loyalty, member, 80)
      let balance = try await loyalty.balance(of: member)
      #expect([balance.points, balance.held] == [20, 80] as [Int64])
      #expect(balance.holds.map(\.holdID) == [id])
      await expectReason("INSUFFICIENT_POINTS") { try await hold(loyalty, member, 21) }
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a part is captured and the rest released, unless it is to stay held (M5)")
  func capture() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      let id = try await hold(loyalty, member, 80)
      var request = LoyaltyV1.CaptureHoldRequest(
        requestID: loyalty.ids.next().text,
        memberID: member.text,
        holdID: id,
        amount: 30,
        keepRest: true
      )
      let answer = try await loyalty.client.captureHold(request)
      #expect(answer.transaction?.postings.map(\.type) == [.capture])
      #expect(try await loyalty.client.captureHold(request) == answer)
      #expect(try await loyalty.balance(of: member).held == 50)
      request.requestID = loyalty.ids.next().text
      request.amount = 51
      await expectReason("HOLD_TOO_SMALL") { try await loyalty.client.captureHold(request) }
      request.amount = 10
      request.keepRest = false
      #expect(try await loyalty.client.captureHold(request).transaction?.postings.map(\.type) == [.capture, .release])
      let balance = try await loyalty.balance(of: member)
      #expect([balance.points, balance.held, balance.lifetimePointsRedeemed] == [60, 0, 40] as [Int64])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("without an amount all of it is captured (M5)")
  func captureAll() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      let id = try await hold(loyalty, member, 80)
      _ = try await loyalty.client.captureHold(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, holdID: id)
      )
      #expect(try await loyalty.balance(of: member).points == 20)
      await expectReason("HOLD_NOT_FOUND") {
        try await loyalty.client.releaseHold(
          .init(requestID: loyalty.ids.next().text, memberID: member.text, holdID: id)
        )
      }
    }
  }

  @Test("a hold that is released can be spent again, from its own lots (M5)")
  func release() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      for day in ["2097-12-31", "2098-12-31"] {
        _ = try await loyalty.client.credit(
          .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 10, expiresOn: day)
        )
      }
      let id = try await hold(loyalty, member, 15)
      #expect(try await loyalty.balance(of: member).lots == [.init(expiresOn: "2098-12-31", amount: 5)])
      _ = try await loyalty.client.releaseHold(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, holdID: id)
      )
      #expect(
        try await loyalty.balance(of: member).lots == [
          .init(expiresOn: "2097-12-31", amount: 10), .init(expiresOn: "2098-12-31", amount: 10),
        ]
      )
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a hold releases itself when its time to live is over (M5)")
  func timeToLive() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      let id = try await hold(loyalty, member, 100, seconds: 60)
      clock.advance(by: .seconds(59))
      #expect(try await loyalty.balance(of: member).points == 0)
      clock.advance(by: .seconds(1))
      #expect(try await loyalty.balance(of: member).points == 100)
      await expectReason("HOLD_NOT_FOUND") {
        try await loyalty.client.captureHold(
          .init(requestID: loyalty.ids.next().text, memberID: member.text, holdID: id)
        )
      }
      _ = try await loyalty.client.debit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 100))
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a time to live that is none, or too long, is refused", arguments: [0, -1, 691_200] as [Int64])
  func badTimeToLive(seconds: Int64) async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 1)
      await expectReason("OUT_OF_RANGE") { try await hold(loyalty, member, 1, seconds: seconds) }
    }
  }
}
