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

@Suite("Stored value: money that was paid in, and bonus on top, which is never paid out (L11)")
struct StoredValueTests {
  /// A member who paid 100 in and got a bonus of 50.
  private func depositor(
    _ loyalty: LoyaltyHarness,
    amount: Int64 = 100,
    bonus: Int64 = 50,
    until day: String = ""
  ) async throws -> UUID {
    let member = try await loyalty.openAccount()
    _ = try await loyalty.client.deposit(
      .init(
        requestID: loyalty.ids.next().text,
        memberID: member.text,
        asset: "stored_cny",
        amount: amount,
        bonusAmount: bonus,
        bonusExpiresOn: day
      )
    )
    return member
  }

  private func balance(_ loyalty: LoyaltyHarness, _ member: UUID) async throws -> LoyaltyV1.Balance {
    try #require(try await loyalty.client.getBalance(.init(memberID: member.text, asset: "stored_cny")).balance)
  }

  private func withdraw(_ loyalty: LoyaltyHarness, _ member: UUID, _ amount: Int64) async throws {
    _ = try await loyalty.client.withdraw(
      .init(requestID: loyalty.ids.next().text, memberID: member.text, asset: "stored_cny", amount: amount)
    )
  }

  private func debit(_ loyalty: LoyaltyHarness, _ member: UUID, _ amount: Int64) async throws -> LoyaltyV1.Posting {
    let answer = try await loyalty.client.debit(
      .init(requestID: loyalty.ids.next().text, memberID: member.text, asset: "stored_cny", amount: amount)
    )
    return try #require(answer.transaction?.postings.last)
  }

  @Test("a bonus is never paid out, with or without a last day (L11)", arguments: ["", "2098-12-31"])
  func bonusStays(day: String) async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await depositor(loyalty, until: day)
      let before = try await balance(loyalty, member)
      #expect([before.points, before.refundable] == [150, 100] as [Int64])
      #expect(
        before.lots == [
          .init(expiresOn: day, amount: 50, bonus: true), .init(expiresOn: "", amount: 100, bonus: false),
        ]
      )
      let error = await expectReason("BONUS_NOT_REFUNDABLE") { try await withdraw(loyalty, member, 101) }
      #expect(error?.info?.metadata == ["refundable_minor_units": "100", "needed_minor_units": "101"])
      try await withdraw(loyalty, member, 100)
      await expectReason("BONUS_NOT_REFUNDABLE") { try await withdraw(loyalty, member, 1) }
      let after = try await balance(loyalty, member)
      #expect([after.points, after.refundable] == [50, 0] as [Int64])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("bonus is spent before what was paid in, and the answer says how much of it was (L11)")
  func bonusFirst() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await depositor(loyalty)
      #expect(
        try await debit(loyalty, member, 60)
          == .init(type: .redeem, asset: "stored_cny", amount: 60, available: 90, bonusAmount: 50)
      )
      let left = try await balance(loyalty, member)
      #expect([left.points, left.refundable] == [90, 90] as [Int64])
      #expect(try await debit(loyalty, member, 10).bonusAmount == 0)
    }
  }

  @Test(
    "a sale that is paid back as its answer says restores both parts, and no more can be paid out than was paid in (L11)"
  )
  func returnedSale() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await depositor(loyalty)
      let paid = try await debit(loyalty, member, 150)
      _ = try await loyalty.client.deposit(
        .init(
          requestID: loyalty.ids.next().text,
          memberID: member.text,
          asset: "stored_cny",
          amount: paid.amount - paid.bonusAmount,
          bonusAmount: paid.bonusAmount
        )
      )
      let back = try await balance(loyalty, member)
      #expect([back.points, back.refundable] == [150, 100] as [Int64])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("bonus that was held, captured in part and released is bonus still (L11, M5)")
  func holds() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await depositor(loyalty)
      let hold = loyalty.ids.next().text
      _ = try await loyalty.client.hold(
        .init(requestID: hold, memberID: member.text, asset: "stored_cny", amount: 120)
      )
      let held = try await balance(loyalty, member)
      #expect([held.points, held.refundable, held.held] == [30, 30, 120] as [Int64])
      let captured = try await loyalty.client.captureHold(
        .init(
          requestID: loyalty.ids.next().text,
          memberID: member.text,
          asset: "stored_cny",
          holdID: hold,
          amount: 20
        )
      )
      #expect(captured.transaction?.postings.map(\.bonusAmount) == [20, 30])
      let after = try await balance(loyalty, member)
      #expect([after.points, after.refundable] == [130, 100] as [Int64])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("bonus that is given to another member is bonus there too, and so is what staff give (L11, M14)")
  func transfersAndStaff() async throws {
    try await LoyaltyHarness.with { loyalty in
      let (giver, taker) = (try await depositor(loyalty), try await loyalty.openAccount())
      _ = try await loyalty.client.transfer(
        .init(
          requestID: loyalty.ids.next().text,
          fromMemberID: giver.text,
          toMemberID: taker.text,
          asset: "stored_cny",
          amount: 70
        )
      )
      let received = try await balance(loyalty, taker)
      #expect([received.points, received.refundable] == [70, 20] as [Int64])
      await expectReason("BONUS_NOT_REFUNDABLE") { try await withdraw(loyalty, taker, 21) }
      _ = try await loyalty.client.adjust(
        .init(
          requestID: loyalty.ids.next().text,
          memberID: taker.text,
          asset: "stored_cny",
          amount: 30,
          reason: "sorry",
          staffID: "staff-1"
        )
      )
      let given = try await balance(loyalty, taker)
      #expect([given.points, given.refundable] == [100, 20] as [Int64])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a bonus expires after its last day, by reads, by writes and by the job; what was paid in stays (L11, M3)")
  func expires() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await depositor(loyalty, until: "2023-11-20")
      let (before, store) = (clock.now, ExpiryStore(database: loyalty.database))
      clock.advance(by: .seconds(3_600))
      let lane = Lane(member: member).number
      let calendar = ProgrammeCalendar(timeZone: TimeZone(identifier: "Asia/Shanghai") ?? .gmt)
      #expect(try await store.due(in: lane, at: calendar.time(clock.now)) == [])
      let notices = try await loyalty.database.transaction { transaction in
        try await store.recordNotices(
          in: lane,
          from: calendar.time(clock.now).today,
          to: calendar.time(clock.now).today + 30,
          limit: 10,
          in: transaction
        )
      }
      #expect(notices.map(\.lot.expiresOn.text) == ["2023-11-20"])
      #expect(notices.map(\.lot.amount) == [50])
      clock.advance(by: .seconds(10 * 86_400))
      let shown = try await balance(loyalty, member)
      #expect([shown.points, shown.refundable] == [100, 100] as [Int64])
      #expect(try await store.due(in: lane, at: calendar.time(clock.now)).map(\.member) == [member])
      let posting = try await debit(loyalty, member, 10)
      #expect([posting.available, posting.bonusAmount] == [90, 0] as [Int64])
      let past = try await loyalty.client.getBalance(
        .init(memberID: member.text, asset: "stored_cny", asOf: .init(date: before.addingTimeInterval(60)))
      ).balance
      #expect([past?.points, past?.refundable] == [150, 100])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("too little money has a reason of its own, by debit, hold, transfer, withdrawal and correction")
  func insufficient() async throws {
    try await LoyaltyHarness.with { loyalty in
      let (member, other) = (try await depositor(loyalty), try await loyalty.openAccount(points: 10))
      func id() -> String { loyalty.ids.next().text }
      let asset = "stored_cny"
      let error = await expectReason("INSUFFICIENT_STORED_VALUE") { try await debit(loyalty, member, 151) }
      #expect(
        error?.info?.metadata
          == ["balance_minor_units": "150", "needed_minor_units": "151", "missing_minor_units": "1"]
      )
      await expectReason("INSUFFICIENT_STORED_VALUE") { try await withdraw(loyalty, member, 151) }
      await expectReason("INSUFFICIENT_STORED_VALUE") {
        try await loyalty.client.hold(.init(requestID: id(), memberID: member.text, asset: asset, amount: 151))
      }
      await expectReason("INSUFFICIENT_STORED_VALUE") {
        try await loyalty.client.transfer(
          .init(requestID: id(), fromMemberID: member.text, toMemberID: other.text, asset: asset, amount: 151)
        )
      }
      await expectReason("INSUFFICIENT_STORED_VALUE") {
        try await loyalty.client.adjust(
          .init(requestID: id(), memberID: member.text, asset: asset, amount: -151, reason: "x", staffID: "staff-1")
        )
      }
      await expectReason("INSUFFICIENT_POINTS") {
        try await loyalty.client.debit(.init(requestID: id(), memberID: other.text, amount: 11))
      }
    }
  }
}
