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

@Suite("Movements on a stream: what many tills ask, gathered (M10)")
struct StreamMovementsTests {
  private typealias Result = LoyaltyV1.MovementOutcome.OneOfResult

  /// Sends movements, some in each message, numbered from 0, and returns the outcome of each.
  private func stream(
    _ loyalty: LoyaltyHarness,
    _ actions: [LoyaltyV1.Movement.OneOfAction?],
    atOnce: Int = 1_000
  ) async throws -> [Result?] {
    let call = try await loyalty.client.streamMovements()
    async let sending: Void = {
      for start in stride(from: 0, to: actions.count, by: atOnce) {
        let numbers = start..<min(start + atOnce, actions.count)
        try await call.send(.init(movements: numbers.map { .init(number: UInt64($0), action: actions[$0]) }))
      }
      call.finishSending()
    }()
    var results = [Result?](repeating: nil, count: actions.count)
    var count = 0
    for try await response in call.responses {
      #expect(!response.outcomes.isEmpty)
      for outcome in response.outcomes { results[Int(outcome.number)] = outcome.result }
      count += response.outcomes.count
    }
    try await sending
    #expect(count == actions.count)
    return results
  }

  private func credit(_ loyalty: LoyaltyHarness, _ member: UUID, _ amount: Int64) -> LoyaltyV1.CreditRequest {
    .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: amount)
  }

  private func refusal(_ result: Result?) -> LoyaltyV1.Refusal? {
    if case .refused(let refusal) = result { refusal } else { nil }
  }

  private func transaction(_ result: Result?) -> LoyaltyV1.Transaction? {
    if case .moved(let transaction) = result { transaction } else { nil }
  }

  @Test("each movement has an outcome of its own, as a call of its own would have had (M10)")
  func outcomes() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      let rich = try await loyalty.openAccount(points: 7)
      let ids = (0..<4).map { _ in loyalty.ids.next().text }
      let results = try await stream(
        loyalty,
        [
          .credit(.init(requestID: ids[0], memberID: member.text, amount: 20)),
          .debit(.init(requestID: ids[1], memberID: member.text, amount: 50)),
          .deposit(.init(requestID: ids[2], memberID: member.text, asset: "stored_cny", amount: 10_000)),
          .withdraw(.init(requestID: ids[3], memberID: member.text, asset: "stored_cny", amount: 4_000)),
          .getBalance(.init(memberID: rich.text)),
          .debit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1_000)),
          .credit(.init(requestID: loyalty.ids.next().text, memberID: UUID().text, amount: 1)),
          .credit(.init(requestID: "no id", memberID: member.text, amount: 1)),
          .getBalance(.init(memberID: UUID().text)),
          .getBalance(.init(memberID: "nobody")),
          .deposit(.init(requestID: loyalty.ids.next().text, memberID: member.text, asset: "points", amount: 1)),
          nil,
        ]
      )
      #expect(results[..<4].map { transaction($0)?.transactionID } == ids)
      #expect(transaction(results[1])?.postings.map(\.available) == [70])
      #expect(transaction(results[3])?.postings.map(\.available) == [6_000])
      guard case .balance(let balance) = results[4] else { throw TestFailure() }
      #expect(balance == (try await loyalty.balance(of: rich)))
      let reasons = (5..<12).map { refusal(results[$0])?.reason ?? "" }
      #expect(
        reasons == [
          "INSUFFICIENT_POINTS", "ACCOUNT_NOT_FOUND", "NOT_UUIDV7", "ACCOUNT_NOT_FOUND", "NOT_UUID",
          "WRONG_KIND_OF_ASSET", "REQUIRED",
        ]
      )
      #expect(refusal(results[5])?.code == 9)
      #expect(refusal(results[5])?.metadata["missing_points"] == "930")
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("other balances than that of points now are read too: of money, and of the past (M10)")
  func balances() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 5)
      let before = Date()
      _ = try await stream(
        loyalty,
        [
          .deposit(
            .init(requestID: loyalty.ids.next().text, memberID: member.text, asset: "stored_cny", amount: 900)
          ), .credit(credit(loyalty, member, 3)),
        ]
      )
      let results = try await stream(
        loyalty,
        [
          .getBalance(.init(memberID: member.text, asset: "stored_cny")),
          .getBalance(.init(memberID: member.text, asOf: .init(date: before))),
          .getBalance(.init(memberID: member.text, asset: "points")),
        ]
      )
      let points = results.map { result in
        if case .balance(let balance) = result { balance.points } else { Int64(-1) }
      }
      #expect(points == [900, 5, 8])
    }
  }

  @Test(
    "a balance shows all of the member's movements that came before it on the stream, and none that came after (M10)"
  )
  func balancesInLine() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 1_000)
      let other = try await loyalty.openAccount()
      var actions: [LoyaltyV1.Movement.OneOfAction] = []
      for _ in 0..<200 {
        actions.append(.credit(credit(loyalty, member, 1)))
        actions.append(.credit(credit(loyalty, other, 1)))
        actions.append(.getBalance(.init(memberID: member.text)))
      }
      let results = try await stream(loyalty, actions, atOnce: 70)
      let points = stride(from: 2, to: results.count, by: 3).map { number in
        if case .balance(let balance) = results[number] { balance.points } else { Int64(-1) }
      }
      #expect(points == (1...200).map { 1_000 + Int64($0) })
    }
  }

  @Test("what came by a stream and comes again by a call, or the other way round, counts once (M6, M10)")
  func idempotent() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let (first, second) = (credit(loyalty, member, 10), credit(loyalty, member, 20))
      let called = try await loyalty.client.credit(second).transaction
      let results = try await stream(loyalty, [.credit(first), .credit(second), .credit(first)])
      #expect(results[0] == results[2])
      #expect(transaction(results[1]) == called)
      #expect(try await loyalty.client.credit(first).transaction == transaction(results[0]))
      #expect(try await loyalty.balance(of: member).points == 30)
      var changed = first
      changed.amount = 11
      let refused = try await stream(loyalty, [.credit(changed)])
      #expect(refusal(refused[0])?.reason == "REQUEST_ID_REUSED")
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("far more than the window, in messages of any size: all are done, and a member's in their order (M10)")
  func window() async throws {
    var settings = LoyaltySettings()
    settings.streamWindowMaximum = 20
    try await LoyaltyHarness.with(settings: settings) { loyalty in
      var members: [UUID] = []
      for _ in 0..<5 { members.append(try await loyalty.openAccount()) }
      for atOnce in [1, 7, 600] {
        let actions = (0..<600).map { LoyaltyV1.Movement.OneOfAction.credit(credit(loyalty, members[$0 % 5], 1)) }
        let before = try await loyalty.balance(of: members[0]).points
        let results = try await stream(loyalty, actions, atOnce: atOnce)
        let balances = results.map { transaction($0)?.postings.first?.available ?? -1 }
        #expect(balances == (0..<600).map { before + Int64($0 / 5) + 1 })
      }
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a caller that goes away in the middle loses nothing that was begun, and leaves nothing behind (M10)")
  func abandoned() async throws {
    var settings = LoyaltySettings()
    settings.streamWindowMaximum = 10
    try await LoyaltyHarness.with(settings: settings) { loyalty in
      let member = try await loyalty.openAccount()
      let requests = (0..<500).map { _ in credit(loyalty, member, 1) }
      do {
        let call = try await loyalty.client.streamMovements()
        try await call.send(
          .init(movements: requests.enumerated().map { .init(number: UInt64($0), action: .credit($1)) })
        )
        for try await _ in call.responses { break }
        call.cancel()
      }
      // The service still serves, and what is sent again counts once, whichever of it was done before.
      let results = try await stream(loyalty, requests.map { .credit($0) })
      #expect(results.count { transaction($0) != nil } == 500)
      #expect(try await loyalty.balance(of: member).points == 500)
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}

/// Something was not of the kind that it had to be.
private struct TestFailure: Error {}
