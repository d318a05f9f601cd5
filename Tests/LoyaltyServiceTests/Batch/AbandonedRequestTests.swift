import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Requests that nobody waits for any more")
struct AbandonedRequestTests {
  private struct Caller: LedgerCaller {
    var isCancelled = false
    var remainingTime: Duration?
  }

  @Test("are dropped when their batch is taken, counted, and take no room in it")
  func dropped() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let metrics = PrometheusRegistry()
      let engine = LedgerEngine.sample(loyalty, metrics: metrics) { $0.batchMaximum = 10 }
      let callers = (0..<30).map { number in
        switch number % 3 {
        case 0: Caller()
        case 1: Caller(isCancelled: true)
        default: Caller(remainingTime: .zero)
        }
      }
      let outcomes = try await engine.submitted(30) { index in
        do {
          _ = try await engine.submit(.credit(1, to: member, loyalty.ids), for: callers[index])
          return true
        } catch LedgerFailure.abandoned {
          return false
        }
      }
      #expect(outcomes == (0..<30).map { $0 % 3 == 0 })
      #expect(try await loyalty.balance(of: member).points == 10)
      let lines = metrics.scrape().split(separator: "\n")
      #expect(lines.contains("ledger_requests_abandoned_total 20"))
      // Ten of thirty were wanted: one batch.
      #expect(lines.contains("ledger_batch_requests_count 1"))
      #expect(lines.contains("ledger_batch_requests_sum 10"))
    }
  }

  /// Keeps the ledger from writing while `body` runs.
  private func holdingLanes<Result>(_ loyalty: LoyaltyHarness, _ body: () async throws -> Result) async throws -> Result
  {
    try await loyalty.database.transaction { transaction in
      _ = try await transaction.query("SELECT lane FROM lane ORDER BY lane FOR UPDATE")
      return try await body()
    }
  }

  @Test("are not done, by whatever call they came, once its deadline has passed", .timeLimit(.minutes(1)))
  func deadline() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let ids = (0..<3).map { _ in loyalty.ids.next().text }
      let first = try await holdingLanes(loyalty) {
        // The first one is being written when the others get in line.
        let first = Task {
          try await loyalty.client.credit(.init(requestID: ids[0], memberID: member.text, amount: 1))
        }
        while try await !isWaitingForLock(loyalty) { await Task.yield() }
        let options = CallOptions(timeout: .milliseconds(50))
        let late = await #expect(throws: RPCError.self) {
          try await loyalty.client.credit(
            .init(requestID: ids[1], memberID: member.text, amount: 10),
            options: options
          )
        }
        #expect(late?.code == .deadlineExceeded)
        let call = try await loyalty.client.streamMovements(options: options)
        let movement = LoyaltyV1.CreditRequest(requestID: ids[2], memberID: member.text, amount: 100)
        try await call.send(.init(movements: [.init(number: 1, action: .credit(movement))]))
        let cut = await #expect(throws: RPCError.self) { for try await _ in call.responses {} }
        #expect(cut?.code == .deadlineExceeded)
        return first
      }
      _ = try await first.value
      // It comes after those that were dropped.
      _ = try await loyalty.client.credit(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1_000)
      )
      #expect(try await loyalty.balance(of: member).points == 1_001)
    }
  }

  private func isWaitingForLock(_ loyalty: LoyaltyHarness) async throws -> Bool {
    try await loyalty.database.query(
      "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )[0].decode(column: 0)
  }
}
