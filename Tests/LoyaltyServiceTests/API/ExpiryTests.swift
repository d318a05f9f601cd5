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

@Suite("Expiry: by the clock on every read, and by the job (M3)")
struct ExpiryTests {
  /// The job looks many times a second, so that a test need not wait an hour.
  private static var eager: LoyaltySettings {
    var settings = LoyaltySettings()
    settings.expiry.interval = .milliseconds(100)
    settings.expiry.batch = 3
    return settings
  }

  private func credit(_ loyalty: LoyaltyHarness, _ member: UUID, _ amount: Int64, until day: String) async throws {
    _ = try await loyalty.client.credit(
      .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: amount, expiresOn: day)
    )
  }

  private func waitUntil(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
  }

  @Test(
    "at the end of the last day, where the shops are, points are gone for who reads, before anything is entered (M3)"
  )
  func onRead() async throws {
    // It is 2023-11-15 06:13 in Shanghai.
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await loyalty.openAccount()
      try await credit(loyalty, member, 60, until: "2023-11-15")
      try await credit(loyalty, member, 40, until: "2023-11-16")
      clock.advance(by: .seconds(17 * 3_600 + 46 * 60))
      #expect(try await loyalty.balance(of: member).points == 100)
      clock.advance(by: .seconds(60))
      #expect(try await loyalty.balance(of: member).points == 40)
      #expect(try await loyalty.entries(of: member).count == 2)
      await expectReason("INSUFFICIENT_POINTS") {
        try await loyalty.client.debit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 41))
      }
    }
  }

  @Test("the job enters what expired, and a read before shows the same (M3)", .timeLimit(.minutes(2)))
  func byJob() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock, settings: Self.eager, without: []) { loyalty in
      var members: [UUID] = []
      for number in 0..<20 {
        let member = try await loyalty.openAccount()
        try await credit(loyalty, member, Int64(10 + number), until: "2023-11-15")
        try await credit(loyalty, member, 5, until: "2023-11-20")
        members.append(member)
      }
      clock.advance(by: .seconds(86_400))
      for member in members { #expect(try await loyalty.balance(of: member).points == 5) }
      try await waitUntil {
        try await loyalty.database.query(
          "SELECT count(*) FROM ledger_entry WHERE entry_type = 5 AND to_account = 6"
        )[0].decode(column: 0, as: Int64.self) == 20
      }
      for (number, member) in members.enumerated() {
        #expect(try await loyalty.balance(of: member).points == 5)
        let latest = try await loyalty.entries(of: member).first
        #expect(latest?.type == .expire)
        #expect(latest?.points == -Int64(10 + number))
        #expect(latest?.lots == [.init(expiresOn: "2023-11-15", amount: Int64(10 + number))])
      }
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("the job releases holds that ran out and activates points that are ripe (M5, M4)", .timeLimit(.minutes(2)))
  func holdsAndPending() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock, settings: Self.eager, without: []) { loyalty in
      let member = try await loyalty.openAccount(points: 10)
      _ = try await loyalty.client.hold(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 10))
      _ = try await loyalty.client.credit(
        .init(
          requestID: loyalty.ids.next().text,
          memberID: member.text,
          amount: 7,
          pendingUntil: .availableAt(.init(date: clock.now.addingTimeInterval(60)))
        )
      )
      clock.advance(by: .seconds(900))
      try await waitUntil { try await loyalty.entries(of: member).count == 5 }
      #expect(Set(try await loyalty.entries(of: member).prefix(2).map(\.type)) == [.activate, .release])
      #expect(try await loyalty.balance(of: member).points == 17)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("members hear of points that will expire soon, once for each last day (L4)", .timeLimit(.minutes(2)))
  func notices() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock, settings: Self.eager, without: []) { loyalty in
      let member = try await loyalty.openAccount()
      try await credit(loyalty, member, 60, until: "2023-12-15")
      try await credit(loyalty, member, 40, until: "2023-12-16")
      func announced() async throws -> [LoyaltyV1.PointsExpiring] {
        try await loyalty.database.query(
          "SELECT payload FROM event WHERE type = 'points_expiring' ORDER BY sequence"
        ).compactMap { row in
          let event = try LoyaltyV1.LoyaltyEvent(serializedBytes: try row.decode(column: 0, as: [UInt8].self))
          guard case .pointsExpiring(let expiring) = event.kind else { return nil }
          return expiring
        }
      }
      try await waitUntil { try await !announced().isEmpty }
      try await Task.sleep(for: .milliseconds(400))
      let first = LoyaltyV1.PointsExpiring(
        memberID: member.text,
        asset: "points",
        amount: 60,
        expiresOn: "2023-12-15"
      )
      #expect(try await announced() == [first])
      clock.advance(by: .seconds(86_400))
      try await waitUntil { try await announced().count == 2 }
      #expect(try await announced().last?.expiresOn == "2023-12-16")
    }
  }

  @Test("points of receipts expire as the programme says when they are earned (L5, M3)")
  func receipts() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      try await loyalty.changeProgramme("expiry_rule") { $0.expiryRule = .init(unit: .yearEnds, count: 1) }
      let member = try await loyalty.openAccount()
      let order = try await loyalty.client.postOrder(.sample(member, 10_000)).order
      #expect(order?.pointsExpireOn == "2024-12-31")
      #expect(try await loyalty.balance(of: member).lots == [.init(expiresOn: "2024-12-31", amount: 100)])
    }
  }
}
