import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import PostgresTestSupport
import RPC
import ServiceKit
import Synchronization
import Testing

@testable import LoyaltyService

@Suite("How the ledger stops", .timeLimit(.minutes(2)))
struct LedgerShutdownTests {
  @Test("what is in line is done, what comes later is not taken, and then the connections are closed")
  func drains() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let engine = LedgerEngine.sample(loyalty) { $0.batchMaximum = 10 }
      let answers = (0..<200).map { _ in engine.enqueue(.credit(1, to: member, loyalty.ids)) }
      let running = engine.start()
      _ = try await answers[0].value
      running.cancel()
      await running.value
      for answer in answers.dropFirst() { _ = try await answer.value }
      #expect(try await loyalty.balance(of: member).points == 200)
      await #expect(throws: LedgerFailure.closed) {
        try await engine.submit(.credit(1, to: member, loyalty.ids))
      }
      #expect(try await loyalty.balance(of: member).points == 200)
    }
  }

  @Test("when the database does not answer, what is in line fails after the grace")
  func stuck() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let engine = LedgerEngine.sample(loyalty) {
        $0.batchMaximum = 10
        $0.drainGrace = .milliseconds(20)
      }
      try await loyalty.database.transaction { transaction in
        _ = try await transaction.query("SELECT lane FROM lane ORDER BY lane FOR UPDATE")
        let answers = (0..<30).map { _ in engine.enqueue(.credit(1, to: member, loyalty.ids)) }
        let running = engine.start()
        await engine.untilWaitingLess(than: 30)
        running.cancel()
        await running.value
        for answer in answers {
          await #expect(throws: LedgerFailure.self) { _ = try await answer.value }
        }
      }
    }
  }

  @Test("the expiry job waits for nobody who has left", arguments: [true, false])
  func expiry(hasWriters: Bool) async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      for _ in 0..<5 {
        let member = try await loyalty.openAccount()
        let day = (ProgrammeCalendar(timeZone: .gmt).time(clock.now).today + 1).text
        _ = try await loyalty.client.credit(
          .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 10, expiresOn: day)
        )
      }
      clock.advance(by: .seconds(3 * 86_400))
      let engine = LedgerEngine.sample(loyalty)
      if hasWriters {
        let running = engine.start()
        running.cancel()
        await running.value
      }
      let calendar = ProgrammeCalendar(timeZone: .gmt)
      let job = ExpiryJob(
        store: ExpiryStore(database: loyalty.database),
        ledger: engine,
        events: EventLog(database: loyalty.database, domain: "loyalty.patron", logger: LogCollector().logger),
        announce: { _, _ in },
        settings: ExpirySettings(),
        calendar: calendar,
        clock: clock.wall,
        ids: loyalty.ids
      )
      let settling = Task { try await job.settleAll() }
      if !hasWriters { await engine.untilWaiting(1) }
      settling.cancel()
      await #expect(throws: (any Error).self) { try await settling.value }
    }
  }
}

extension LedgerEngine {
  /// Waits until fewer requests wait.
  fileprivate func untilWaitingLess(than count: Int) async {
    while waiting >= count { await Task.yield() }
  }
}

// MARK: - The process

/// What became of the requests of a load, by their ids.
private final class Outcomes: Sendable {
  private struct State {
    var done: Set<String> = []
    var undone: Set<String> = []
    var errors: [String] = []
  }

  private let state = Mutex(State())

  var done: Set<String> { state.withLock { $0.done } }
  var undone: Set<String> { state.withLock { $0.undone } }
  /// Errors that do not say that nothing was done.
  var errors: [String] { state.withLock { $0.errors } }

  func noteDone(_ id: String) { state.withLock { _ = $0.done.insert(id) } }
  func noteUndone(_ id: String) { state.withLock { _ = $0.undone.insert(id) } }

  func record(_ id: String, _ error: any Error) {
    noteUndone(id)
    guard let error = error as? RPCError, error.code == .unavailable else {
      return state.withLock { $0.errors.append("\(error)") }
    }
  }
}

/// What was sent on a stream and has no answer yet.
private final class Sent: Sendable {
  private let open = Mutex<Set<String>>([])

  var unanswered: Set<String> { open.withLock { $0 } }

  func insert(_ id: String) { open.withLock { _ = $0.insert(id) } }
  func remove(_ id: String) { open.withLock { _ = $0.remove(id) } }
}

extension LedgerShutdownTests {
  @Test("on SIGTERM under load each request is answered or was never taken, and the process ends")
  func terminated() async throws {
    let test = try await TestDatabase.create()
    let process = try await LoyaltyProcess.start(database: test.connectionString())
    let channel = try Channel(target: process.address)
    let client = LoyaltyV1.LoyaltyServiceClient(channel)
    let ids = UUIDv7Generator()
    let members = (0..<16).map { _ in UUID().text }
    for member in members {
      _ = try await client.openAccount(.init(requestID: ids.next().text, memberID: member))
    }
    let outcomes = Outcomes()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<64 {
        group.addTask { await Self.call(client, members[number % 16], ids, outcomes) }
      }
      for number in 0..<2 {
        group.addTask { try await Self.stream(client, members[number], ids, outcomes) }
        group.addTask { try await Self.streamOrders(client, members[number], ids, outcomes) }
      }
      group.addTask {
        while outcomes.done.count < 2_000 { try await Task.sleep(for: .milliseconds(1)) }
        process.terminate()
      }
      try await group.waitForAll()
    }
    #expect(await process.end() == 0)
    await channel.close()

    let database = test.connect { $0.session.searchPath = ["loyalty"] }
    let written = try await database.query("SELECT DISTINCT request_id FROM ledger_entry").map { row in
      try row.decode(column: 0, as: UUID.self).text
    }
    let lost = outcomes.done.subtracting(written)
    let doneSecretly = outcomes.undone.intersection(written)
    #expect(lost.isEmpty)
    #expect(doneSecretly.isEmpty)
    #expect(outcomes.errors == [])
    await database.shutdown()
    try await test.drop()
  }

  /// Calls until one is refused.
  private static func call(
    _ client: LoyaltyV1.LoyaltyServiceClient,
    _ member: String,
    _ ids: UUIDv7Generator,
    _ outcomes: Outcomes
  ) async {
    while true {
      let id = ids.next().text
      do {
        _ = try await client.credit(.init(requestID: id, memberID: member, amount: 1))
        outcomes.noteDone(id)
      } catch {
        return outcomes.record(id, error)
      }
    }
  }

  /// Sends movements until the stream ends; those without an outcome were not done.
  private static func stream(
    _ client: LoyaltyV1.LoyaltyServiceClient,
    _ member: String,
    _ ids: UUIDv7Generator,
    _ outcomes: Outcomes
  ) async throws {
    let call = try await client.streamMovements()
    let sent = Sent()
    await withTaskGroup { group in
      group.addTask {
        while true {
          let id = ids.next().text
          sent.insert(id)
          let credit = LoyaltyV1.CreditRequest(requestID: id, memberID: member, amount: 1)
          do { try await call.send(.init(movements: [.init(number: 0, action: .credit(credit))])) } catch { return }
        }
      }
      group.addTask {
        do {
          for try await response in call.responses {
            for outcome in response.outcomes {
              guard case .moved(let transaction) = outcome.result else { continue }
              sent.remove(transaction.transactionID)
              outcomes.noteDone(transaction.transactionID)
            }
          }
        } catch {
          outcomes.record("stream", error)
        }
      }
    }
    for id in sent.unanswered { outcomes.noteUndone(id) }
  }

  /// Sends receipts until the stream ends; those without an outcome were not posted.
  private static func streamOrders(
    _ client: LoyaltyV1.LoyaltyServiceClient,
    _ member: String,
    _ ids: UUIDv7Generator,
    _ outcomes: Outcomes
  ) async throws {
    let call = try await client.streamOrders()
    let sent = Sent()
    await withTaskGroup { group in
      group.addTask {
        while true {
          var order = LoyaltyV1.PostOrderRequest.sample(UUID(uuidString: member) ?? UUID(), 1_000)
          order.requestID = ids.next().text
          let id = order.requestID
          sent.insert(id)
          do { try await call.send(.init(order: order)) } catch { return }
        }
      }
      group.addTask {
        do {
          for try await response in call.responses {
            guard let outcome = response.outcome, case .posted = outcome.result else { continue }
            sent.remove(outcome.requestID)
            outcomes.noteDone(outcome.requestID)
          }
        } catch {
          outcomes.record("stream of orders", error)
        }
      }
    }
    for id in sent.unanswered { outcomes.noteUndone(id) }
  }
}
