import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import PostgresTestSupport
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Whatever dies in between, sending the same requests again ends in the same books (M6)", .serialized)
struct SurvivalTests {
  @Test("PostgreSQL is killed while two hundred receipts are posted; the tills repeat until they have an answer (M6)")
  func databaseKilled() async throws {
    let cluster = try await TestCluster.makePrivate()
    try await LoyaltyHarness.with(on: cluster) { loyalty in
      let members = try await atOnce(10) { _ in try await loyalty.openAccount() }
      let requests = (0..<200).map { index in
        LoyaltyV1.PostOrderRequest.sample(members[index % members.count], 1_000)
      }
      async let killed: Void = {
        while try await loyalty.orderCount() < 40 { await Task.yield() }
        try await cluster.kill()
        try await cluster.start()
      }()
      let answers = try await atOnce(requests.count) { index in
        while true {
          do {
            return try await loyalty.client.postOrder(requests[index])
          } catch let error as RPCError
            where [.unavailable, .deadlineExceeded, .resourceExhausted].contains(error.code)
          {
            try await Task.sleep(for: .milliseconds(20))
          }
        }
      }
      _ = try? await killed

      #expect(answers.count == 200)
      for member in members { #expect(try await loyalty.balance(of: member).points == 200) }
      let again = try await atOnce(requests.count) { try await loyalty.client.postOrder(requests[$0]) }
      #expect(again == answers)
      #expect(try await loyalty.orderCount() == Int64(200))
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}
