import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("What the service itself fails with is logged, once for many requests")
struct InternalFailureTests {
  /// Answers with the reasons and the statuses of all refusals of a stream.
  private func stream(
    _ loyalty: LoyaltyHarness,
    _ movements: [LoyaltyV1.Movement]
  ) async throws -> [LoyaltyV1.Refusal] {
    let call = try await loyalty.client.streamMovements()
    try await call.send(.init(movements: movements))
    call.finishSending()
    var refusals: [LoyaltyV1.Refusal] = []
    for try await response in call.responses {
      for case .refused(let refusal) in response.outcomes.map(\.result) { refusals.append(refusal) }
    }
    return refusals
  }

  @Test("in the ledger, by whatever call it was asked")
  func ledger() async throws {
    let logs = LogCollector()
    try await LoyaltyHarness.with(without: ["ledger: expiry"], logger: logs.logger) { loyalty in
      let member = try await loyalty.openAccount(points: 10)
      try await loyalty.database.execute("UPDATE ledger_account SET lots = lots || 1::bigint")
      let orders = (0..<20).map { _ in LoyaltyV1.PostOrderRequest.sample(member, 100) }
      let posted = try await loyalty.client.postOrders(.init(orders: orders))
      let refusals = posted.outcomes.compactMap { outcome in
        if case .refused(let refusal) = outcome.result { refusal.reason } else { nil }
      }
      #expect(refusals == Array(repeating: "DATABASE_REFUSED", count: 20))
      try expect(logs, count: 20, "BrokenInvariant: ")

      let orderCall = try await loyalty.client.streamOrders()
      try await orderCall.send(.init(order: orders[0]))
      orderCall.finishSending()
      for try await response in orderCall.responses {
        guard case .refused = response.outcome?.result else { throw TestFailure() }
      }
      try expect(logs, count: 21, "BrokenInvariant: ")

      let credits = (0..<20).map { number in
        LoyaltyV1.Movement(
          number: number,
          action: .credit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1))
        )
      }
      #expect(try await stream(loyalty, credits).count == 20)
      try expect(logs, count: 41, "BrokenInvariant: ")
      #expect(!logs.records.contains { $0.description.contains(member.text) })
    }
  }

  @Test("before the ledger was asked, with the code that the database gave")
  func outside() async throws {
    let logs = LogCollector()
    try await LoyaltyHarness.with(without: ["ledger: expiry"], logger: logs.logger) { loyalty in
      let member = try await loyalty.openAccount()
      try await loyalty.database.execute("ALTER TABLE asset RENAME TO gone")
      let deposits = (0..<20).map { number in
        LoyaltyV1.Movement(
          number: number,
          action: .deposit(
            .init(requestID: loyalty.ids.next().text, memberID: member.text, asset: "stored_cny", amount: 1)
          )
        )
      }
      let refusals = try await stream(loyalty, deposits)
      #expect(refusals.map(\.reason) == Array(repeating: "DATABASE_REFUSED", count: 20))
      try expect(logs, count: 20, "SQLSTATE 42P01")
      #expect(logs.records(with: "requests").first?.fields["rpc.method"]?.hasSuffix("StreamMovements") == true)
    }
  }

  /// Expects all records together to be of a number of requests, each naming the error.
  private func expect(_ logs: LogCollector, count: Int, _ text: String) throws {
    let records = logs.records(with: "requests")
    #expect(records.reduce(0) { $0 + (Int($1.fields["requests"] ?? "") ?? 0) } == count)
    #expect(records.count <= count)
    for record in records { #expect(record.fields["error"]?.contains(text) == true, "\(record)") }
  }
}

/// Something was not of the kind that it had to be.
private struct TestFailure: Error {}
