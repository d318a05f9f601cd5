import Basics
import Eventually
import Foundation
import LoyaltyProto
import Postgres
import RPC
import Synchronization
import Testing

@testable import ServiceKit

/// Producers commit in an order of their own, and consumers collide and are cut off. What is applied is what was
/// committed, each event once.
@Suite("Exactly once")
struct EventConsumerTests {
  private typealias Consumer = EventConsumer<LoyaltyV1.SubscribeResponse>
  private static let producers = 6
  private static let transactionsEach = 25

  private func consumer(
    _ client: LoyaltyV1.LoyaltyServiceClient,
    _ database: Database,
    lease: Duration = .milliseconds(50),
    beforeCommit: @escaping @Sendable (Transaction) async throws -> Void = { _ in }
  ) -> Consumer {
    var settings = EventConsumerSettings()
    settings.lease = lease
    settings.backoffBase = .milliseconds(2)
    settings.backoffMaximum = .milliseconds(20)
    return Consumer(
      source: "loyalty",
      database: database,
      settings: settings,
      metrics: PrometheusRegistry(),
      readiness: Readiness(),
      logger: .silent,
      subscribe: { try await client.subscribe(LoyaltyV1.SubscribeRequest(cursor: $0)) },
      apply: { events, transaction in
        for event in events { try await transaction.execute("INSERT INTO applied (name) VALUES (\(event.eventID))") }
        try await beforeCommit(transaction)
      }
    )
  }

  /// Commits events from several tasks at once, each transaction open for a while. Some are rolled back.
  private func produce(_ log: EventLog, _ database: Database, seed: UInt64) async throws {
    try await withThrowingTaskGroup { group in
      for producer in 0..<Self.producers {
        group.addTask {
          let ids = UUIDv7Generator()
          let random = RandomSource.seeded(seed &+ UInt64(producer))
          for number in 0..<Self.transactionsEach {
            let pause = Duration.microseconds(Int64(random.next() % 4_000))
            let isUndone = random.next() % 5 == 0
            let name = "\(producer)-\(number)"
            try? await database.transaction { transaction in
              let event = LoyaltyV1.LoyaltyEvent.named(name)
              try await log.append(event, id: ids.next(), type: "t", key: name, in: transaction)
              try await Task.sleep(for: pause)
              if isUndone { throw CancellationError() }
            }
            if !isUndone { log.wake() }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func names(_ database: Database, _ sql: SQL) async throws -> [String] {
    try await database.query(sql).map { try $0.decode(column: 0, as: String.self) }
  }

  private func check(
    seed: UInt64,
    _ makeConsumers: (LoyaltyV1.LoyaltyServiceClient, Database) -> [Consumer]
  ) async throws {
    try await ServiceDatabase.with { database in
      try await database.execute("CREATE TABLE applied (number bigint GENERATED ALWAYS AS IDENTITY, name text)")
      let log = EventLog(database: database, settings: LoyaltyEvents.settings, domain: "test.patron", logger: .silent)
      try await LoyaltyEvents.serve(log) { client in
        let running = makeConsumers(client, database).map { consumer in
          Task { await consumer.run() }
        }
        try await produce(log, database, seed: seed)
        let committed = try await names(database, "SELECT key FROM event ORDER BY transaction_id, sequence")
        try await eventually("every event is applied (seed \(seed))") {
          try await names(database, "SELECT DISTINCT name FROM applied").count == committed.count
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
        #expect(try await names(database, "SELECT name FROM applied ORDER BY number") == committed, "seed \(seed)")
      }
    }
  }

  @Test("Slow and fast commits interleaved: every event is applied, in order, once", arguments: [UInt64(1), 2, 3])
  func interleaved(seed: UInt64) async throws {
    try await check(seed: seed) { client, database in [consumer(client, database)] }
  }

  @Test("Two consumers at once apply every event once", arguments: [UInt64(4), 5])
  func twoConsumers(seed: UInt64) async throws {
    try await check(seed: seed) { client, database in
      [consumer(client, database, lease: .milliseconds(1)), consumer(client, database, lease: .milliseconds(1))]
    }
  }

  @Test("A consumer cut off between applying and committing applies every event once", arguments: [UInt64(6), 7])
  func cutOff(seed: UInt64) async throws {
    let cuts = Atomic(0)
    try await check(seed: seed) { client, database in
      [
        consumer(client, database) { transaction in
          let number = cuts.wrappingAdd(1, ordering: .relaxed).newValue
          guard number % 3 == 1, number < 30 else { return }
          try await transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        }
      ]
    }
    #expect(cuts.load(ordering: .relaxed) > 1)
  }

  @Test("A consumer that stops hands its turn over at once")
  func handOver() async throws {
    try await ServiceDatabase.with { database in
      let first = EventCursorStore(database: database, source: "s", lease: .seconds(600))
      let second = EventCursorStore(database: database, source: "s", lease: .seconds(600))
      #expect(try await first.claim() == "")
      #expect(try await second.claim() == nil)
      try await database.execute(first.moving(to: "c"))
      let stored = try await database.query(first.locking)
      #expect(throws: Never.self) { try first.check(stored, is: "c") }
      #expect(throws: EventCursorStore.Overtaken.self) { try second.check(stored, is: "") }
      await first.release()
      #expect(try await second.claim() == "c")
    }
  }
}
