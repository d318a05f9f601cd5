import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Many postings at once (M10)")
struct PostOrderAtOnceTests {
  @Test("one request sent twenty times at once counts once, and every answer is the same (M6)")
  func duplicates() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let request = LoyaltyV1.PostOrderRequest.sample(member, 1_000)
      let answers = try await atOnce(20) { _ in try await loyalty.client.postOrder(request) }
      #expect(Set(answers).count == 1)
      #expect(try await loyalty.balance(of: member).points == 10)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("forty receipts of one member at once all count, each with an entry of its own (L1)")
  func oneMember() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      _ = try await atOnce(40) { _ in try await loyalty.client.postOrder(.sample(member, 1_000)) }
      #expect(try await loyalty.balance(of: member).points == 400)
      let entries = try await loyalty.entries(of: member)
      #expect(Set(entries.map(\.entryID)).count == 40)
      #expect(Set(entries.map(\.balancePoints)) == Set((1...40).map { $0 * 10 }))
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("ten tills racing for points that pay five of them: exactly five win, and nothing is overdrawn (M10)")
  func overdraft() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 500)
      let outcomes = try await atOnce(10) { _ in
        var request = LoyaltyV1.PostOrderRequest.sample(member, 100)
        request.pointsToRedeem = 100
        do {
          _ = try await loyalty.client.postOrder(request)
          return ""
        } catch let error as RPCError {
          return error.info?.reason ?? "\(error)"
        }
      }
      #expect(outcomes.count { $0.isEmpty } == 5)
      #expect(outcomes.count { $0 == "INSUFFICIENT_POINTS" } == 5)
      #expect(try await loyalty.balance(of: member).points == 0)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("many requests racing for one receipt: exactly one wins (L1)")
  func oneReceipt() async throws {
    try await LoyaltyHarness.with { loyalty in
      let members = try await atOnce(8) { _ in try await loyalty.openAccount() }
      let receipt = loyalty.ids.next().text
      let outcomes = try await atOnce(8) { index in
        var request = LoyaltyV1.PostOrderRequest.sample(members[index], 1_000)
        request.receiptNumber = receipt
        do {
          _ = try await loyalty.client.postOrder(request)
          return ""
        } catch let error as RPCError {
          return error.info?.reason ?? "\(error)"
        }
      }
      #expect(outcomes.count { $0.isEmpty } == 1)
      #expect(outcomes.count { $0 == "RECEIPT_ALREADY_POSTED" } == 7)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("property: sales, refunds and repeats of many members at once leave the books in order (M2)")
  func everythingAtOnce() async throws {
    let seed = PropertySeed("ledger at once")
    try await LoyaltyHarness.with { loyalty in
      let members = try await atOnce(4) { _ in try await loyalty.openAccount(points: 300) }
      let results = try await atOnce(8) { worker in
        var random = RandomSource.seeded(seed.value &+ UInt64(worker))
        var posted: [(request: LoyaltyV1.PostOrderRequest, answer: LoyaltyV1.PostOrderResponse)] = []
        var reversed: Set<String> = []
        for _ in 0..<25 {
          switch Int.random(in: 0..<10, using: &random) {
          case 0..<2:
            guard let one = posted.randomElement(using: &random) else { continue }
            let again = try await loyalty.client.postOrder(one.request)
            #expect(again == one.answer, "\(seed)")
          case 2..<4:
            guard let one = posted.randomElement(using: &random), !reversed.contains(one.answer.orderID) else {
              continue
            }
            _ = try await loyalty.client.reverseOrder(.sample(of: one.answer.orderID))
            reversed.insert(one.answer.orderID)
          default:
            guard let member = members.randomElement(using: &random) else { continue }
            var request = LoyaltyV1.PostOrderRequest.sample(member, .random(in: 0...30_000, using: &random))
            request.pointsToRedeem = 100 * .random(in: 0...2, using: &random)
            do {
              posted.append((request, try await loyalty.client.postOrder(request)))
            } catch let error as RPCError {
              let expected: Set<String?> = ["INSUFFICIENT_POINTS", "POINTS_EXCEED_PAYABLE"]
              #expect(expected.contains(error.info?.reason), "\(seed) \(error)")
            }
          }
        }
        return posted.count
      }
      #expect(try await loyalty.orderCount() == Int64(results.reduce(0, +) + members.count))
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}
