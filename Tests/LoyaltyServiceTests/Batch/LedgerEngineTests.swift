import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The engine that writes in batches")
struct LedgerEngineTests {
  @Test("two instances of the service on the same members lose nothing and double nothing (M10)")
  func twoCopies() async throws {
    try await LoyaltyHarness.with { loyalty in
      var members: [UUID] = []
      for _ in 0..<8 { members.append(try await loyalty.openAccount()) }
      let (all, one, two) = (members, LedgerEngine.sample(loyalty), LedgerEngine.sample(loyalty))
      try await one.running {
        try await two.running {
          _ = try await atOnce(600) { index in
            let engine = index % 2 == 0 ? one : two
            return try await engine.submit(.credit(Int64(index + 1), to: all[index % 8], loyalty.ids))
          }
        }
      }
      var total: Int64 = 0
      for member in members { total += try await loyalty.balance(of: member).points }
      #expect(total == 600 * 601 / 2)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a request that the tables refuse fails alone; its neighbours in the batch are done")
  func poison() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let engine = LedgerEngine.sample(loyalty)
      let requests = (0..<20).map { LedgerRequest.credit(1, to: member, loyalty.ids, digestBytes: $0 == 7 ? 31 : 32) }
      let done = try await engine.submitted(20) { index in
        do {
          _ = try await engine.submit(requests[index])
          return true
        } catch LedgerFailure.broken {
          return false
        }
      }
      #expect(done.filter(\.self).count == 19)
      #expect(!done[7])
      #expect(try await loyalty.balance(of: member).points == 19)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("a lane that is full refuses at once, and says when to come back")
  func full() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let engine = LedgerEngine.sample(loyalty) { $0.laneQueueMaximum = 3 }
      let pending = (0..<10).map { _ in engine.enqueue(.credit(1, to: member, loyalty.ids)) }
      let done = try await engine.running {
        var done: [Bool] = []
        for answer in pending {
          do {
            _ = try await answer.value
            done.append(true)
          } catch let overload as LedgerOverload {
            #expect(overload.cause == .laneIsFull(limit: 3))
            #expect(overload.retryAfter == .milliseconds(250))
            done.append(false)
          }
        }
        return done
      }
      #expect(done == [true, true, true] + Array(repeating: false, count: 7))
      #expect(try await loyalty.balance(of: member).points == 3)
    }
  }

  @Test("a request that cannot be encoded fails alone; its neighbours in the batch are done")
  func unencodable() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let requests = (0..<20).map { _ in LedgerRequest.credit(1, to: member, loyalty.ids) }
      let bad = requests[7].id
      let messages = LedgerMessages(ids: loyalty.ids)
      let encode: LedgerEngine.Encoding = { changes in
        if changes.requests.contains(where: { $0.id == bad }) { throw BrokenInvariant("it has no encoding") }
        return try messages.encode(changes)
      }
      let engine = LedgerEngine.sample(loyalty, encode: encode)
      let failures = try await engine.submitted(requests.count) { index -> LedgerFailure? in
        do {
          _ = try await engine.submit(requests[index])
          return nil
        } catch { return error as? LedgerFailure }
      }
      #expect(failures == requests.map { $0.id == bad ? .broken : nil })
      #expect(try await loyalty.balance(of: member).points == 19)
    }
  }

  @Test("a request that has waited too long is refused instead of done late")
  func waited() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let engine = LedgerEngine.sample(loyalty) { $0.waitMaximum = .milliseconds(1) }
      let outcome = Task { () -> LedgerOverload? in
        do {
          _ = try await engine.submit(.credit(1, to: member, loyalty.ids))
          return nil
        } catch let overload as LedgerOverload {
          return overload
        }
      }
      await engine.untilWaiting(1)
      let since = ContinuousClock.now
      while ContinuousClock.now - since < .milliseconds(2) { await Task.yield() }
      let overload = try await engine.running { try await outcome.value }
      #expect(overload?.cause == .waitedTooLong(limit: .milliseconds(1)))
      #expect(try await loyalty.balance(of: member).points == 0)
    }
  }

  @Test("requests that come while a batch is written are the next batch")
  func batches() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let engine = LedgerEngine.sample(loyalty)
      _ = try await engine.running {
        try await atOnce(300) { _ in try await engine.submit(.credit(1, to: member, loyalty.ids)) }
      }
      let versions: Int64 = try await loyalty.database.query("SELECT version FROM ledger_account")[0].decode(column: 0)
      // Every batch writes the account once: far fewer batches than requests.
      #expect(versions < 100)
      #expect(try await loyalty.balance(of: member).points == 300)
    }
  }
}
