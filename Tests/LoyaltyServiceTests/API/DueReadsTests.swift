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

@Suite("What is due by time is the same for every read and every write, entered or not (M3, M4, M5)")
struct DueReadsTests {
  private func credit(
    _ loyalty: LoyaltyHarness,
    _ member: UUID,
    _ amount: Int64,
    until day: String,
    pending: LoyaltyV1.CreditRequest.OneOfPendingUntil? = nil
  ) async throws -> String {
    let id = loyalty.ids.next().text
    _ = try await loyalty.client.credit(
      .init(requestID: id, memberID: member.text, amount: amount, expiresOn: day, pendingUntil: pending)
    )
    return id
  }

  private func statement(
    _ loyalty: LoyaltyHarness,
    _ member: UUID,
    from: Date? = nil,
    until: Date? = nil
  ) async throws -> LoyaltyV1.GetStatementResponse {
    try await loyalty.client.getStatement(
      .init(
        memberID: member.text,
        recordedFrom: from.map { GoogleProtobuf.Timestamp(date: $0) },
        recordedUntil: until.map { GoogleProtobuf.Timestamp(date: $0) }
      )
    )
  }

  @Test("after a last day, before any write, a statement has expired what GetBalance has (M3)")
  func statements() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await loyalty.openAccount()
      _ = try await credit(loyalty, member, 30, until: "2023-11-20")
      _ = try await credit(loyalty, member, 12, until: "")
      clock.advance(by: .seconds(3_600))
      let middle = clock.now
      clock.advance(by: .seconds(10 * 86_400))
      #expect(try await loyalty.balance(of: member).points == 12)
      let before = try await statement(loyalty, member)
      #expect(before.closingBalance == 12)
      #expect(
        before.lines == [.init(type: .earn, entryCount: 2, added: 42), .init(type: .expire, entryCount: 1, taken: 30)]
      )
      let later = try await statement(loyalty, member, from: middle)
      #expect([later.openingBalance, later.closingBalance] == [42, 12] as [Int64])
      let end = clock.now
      clock.advance(by: .seconds(60))
      let after = try await statement(loyalty, member, from: end)
      #expect([after.openingBalance, after.closingBalance] == [12, 12] as [Int64])
      #expect(after.lines == [])
      // Entered at last: the statements of before and after it are as they were.
      _ = try await loyalty.client.debit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 2))
      #expect(try await statement(loyalty, member, until: end).lines == before.lines)
      let whole = try await statement(loyalty, member, from: end)
      #expect([whole.openingBalance, whole.closingBalance] == [12, 10] as [Int64])
      #expect(whole.lines == [.init(type: .redeem, entryCount: 1, taken: 2)])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a hold that is released, or captured in part, after the last day of what it holds brings nothing back (M5)")
  func holds() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await loyalty.openAccount()
      _ = try await credit(loyalty, member, 30, until: "2023-11-15")
      var holds: [String] = []
      for _ in 0..<2 {
        holds.append(loyalty.ids.next().text)
        _ = try await loyalty.client.hold(
          .init(
            requestID: holds[holds.count - 1],
            memberID: member.text,
            amount: 15,
            timeToLive: .init(seconds: 604_800)
          )
        )
      }
      clock.advance(by: .seconds(3 * 86_400))
      let released = try await loyalty.client.releaseHold(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, holdID: holds[0])
      )
      #expect(released.transaction?.postings.map(\.type) == [.release, .expire])
      #expect(released.transaction?.postings.last?.available == 0)
      let captured = try await loyalty.client.captureHold(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, holdID: holds[1], amount: 5)
      )
      #expect(captured.transaction?.postings.map(\.type) == [.capture, .release, .expire])
      #expect(captured.transaction?.postings.last?.available == 0)
      #expect(try await loyalty.balance(of: member).points == 0)
      #expect(try await statement(loyalty, member).closingBalance == 0)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("points that become spendable by a call after their last day expire with it (M4)")
  func pending() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await loyalty.openAccount()
      let id = try await credit(loyalty, member, 30, until: "2023-11-15", pending: .activatedByCall(true))
      clock.advance(by: .seconds(3 * 86_400))
      let activated = try await loyalty.client.activatePending(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, pendingID: id)
      )
      #expect(activated.transaction?.postings.map(\.type) == [.activate, .expire])
      #expect(activated.transaction?.postings.last?.available == 0)
      #expect(try await loyalty.balance(of: member).points == 0)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("property: GetBalance of now and of the past, and statements that end or begin then, always agree (M16, L13)")
  func agree() async throws {
    let seed = PropertySeed("reads of what is due")
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      var random = seed.random
      let member = try await loyalty.openAccount()
      func later() -> GoogleProtobuf.Timestamp {
        .init(date: clock.now.addingTimeInterval(Double(Int.random(in: 3_600...300_000, using: &random))))
      }
      for _ in 0..<60 {
        let amount = Int64.random(in: 1...40, using: &random)
        let today = ProgrammeCalendar(timeZone: TimeZone(identifier: "Asia/Shanghai") ?? .gmt).time(clock.now).today
        let day = (today + .random(in: 0...6, using: &random)).text
        switch Int.random(in: 0..<6, using: &random) {
        case 0: _ = try await credit(loyalty, member, amount, until: day)
        case 1: _ = try await credit(loyalty, member, amount, until: day, pending: .availableAt(later()))
        case 2:
          _ = try? await loyalty.client.hold(
            .init(
              requestID: loyalty.ids.next().text,
              memberID: member.text,
              amount: amount,
              timeToLive: .init(seconds: .random(in: 3_600...400_000, using: &random))
            )
          )
        case 3:
          _ = try? await loyalty.client.debit(
            .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: amount)
          )
        default: break
        }
        clock.advance(by: .seconds(Int64.random(in: 60...120_000, using: &random)))
        let now = clock.now
        let points = try await loyalty.balance(of: member).points
        let past = try await loyalty.client.getBalance(.init(memberID: member.text, asOf: .init(date: now)))
        let ends = try await statement(loyalty, member, until: now)
        let begins = try await statement(loyalty, member, from: now)
        let open = try await statement(loyalty, member)
        #expect(past.balance?.points == points, "\(seed)")
        #expect(
          [ends.closingBalance, begins.openingBalance, open.closingBalance] == [points, points, points],
          "\(seed)"
        )
        for statement in [ends, begins, open] {
          let sum = statement.lines.reduce(statement.openingBalance) { $0 + $1.added - $1.taken }
          #expect(sum == statement.closingBalance, "\(seed)")
          #expect(statement.lines.allSatisfy { $0.entryCount > 0 && $0.added >= 0 && $0.taken >= 0 }, "\(seed)")
        }
        clock.advance(by: .seconds(1))
      }
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}
