import Basics
import Eventually
import Foundation
import LoyaltyProto
import Messages
import Postgres
import Synchronization
import Testing

@testable import ServiceKit

/// Whatever is wrong with one member's event, all others' are applied, in order, once.
@Suite("Events that cannot be applied", .timeLimit(.minutes(2)))
struct SetAsideEventsTests {
  /// A log, a consumer that inserts each event's ID into the table `applied`, and their database.
  private struct Scene: Sendable {
    let database: Database
    let log: EventLog
    let client: LoyaltyV1.LoyaltyServiceClient
    let metrics = PrometheusRegistry()
    let readiness = Readiness()
    let ids = UUIDv7Generator()

    /// Commits one event of a key. The ID is "key-number".
    func append(_ name: String, kind: LoyaltyV1.LoyaltyEvent.OneOfKind? = .programmeUpdated(.init())) async throws {
      let key = String(name.prefix { $0 != "-" })
      let event = LoyaltyV1.LoyaltyEvent(eventID: name, kind: kind)
      try await database.transaction { try await log.append(event, id: ids.next(), type: "t", key: key, in: $0) }
      log.wake()
    }

    func consumer(
      change: (inout EventConsumerSettings) -> Void = { _ in },
      refusing: @escaping @Sendable (String, Transaction) async throws -> Void
    ) -> EventConsumer<LoyaltyV1.SubscribeResponse> {
      var settings = EventConsumerSettings()
      settings.backoffBase = .milliseconds(2)
      settings.backoffMaximum = .milliseconds(20)
      change(&settings)
      return EventConsumer(
        source: "loyalty",
        database: database,
        settings: settings,
        metrics: metrics,
        readiness: readiness,
        logger: .silent,
        subscribe: { try await client.subscribe(LoyaltyV1.SubscribeRequest(cursor: $0)) },
        apply: { events, transaction in
          for event in events {
            try await refusing(event.eventID, transaction)
            try await transaction.execute("INSERT INTO applied (name, key) VALUES (\(event.eventID), \(event.key))")
          }
        }
      )
    }

    func names(_ sql: SQL) async throws -> [String] {
      try await database.query(sql).map { try $0.decode(column: 0, as: String.self) }
    }

    func applied(_ key: String) async throws -> [String] {
      try await names("SELECT name FROM applied WHERE key = \(key) ORDER BY number")
    }

    func metric(_ name: String) -> String? {
      metrics.scrape().split(separator: "\n").first { $0.hasPrefix("\(name){") }
        .flatMap { $0.split(separator: " ").last }.map(String.init)
    }
  }

  /// Events that cannot be applied until it ends, and a connection that breaks at random.
  private final class Trouble: Sendable {
    private let names: Mutex<Set<String>>
    private let calls = Atomic(0)

    init(_ names: [String]) {
      self.names = Mutex(Set(names))
    }

    func end() {
      names.withLock { $0 = [] }
    }

    func meet(_ name: String, _ transaction: Transaction) async throws {
      let number = calls.wrappingAdd(1, ordering: .relaxed).newValue
      if number % 211 == 100, number < 3_000 {
        try await transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())")
      }
      if names.withLock({ $0.contains(name) }) { try await transaction.query("SELECT 1 / 0") }
    }
  }

  private func with(_ body: (Scene) async throws -> Void) async throws {
    try await ServiceDatabase.with { database in
      try await database.execute(
        "CREATE TABLE applied (number bigint GENERATED ALWAYS AS IDENTITY, name text UNIQUE, key text)"
      )
      let log = EventLog(database: database, settings: LoyaltyEvents.settings, domain: "test.patron", logger: .silent)
      try await LoyaltyEvents.serve(log) { try await body(Scene(database: database, log: log, client: $0)) }
    }
  }

  private func running(
    _ consumer: EventConsumer<LoyaltyV1.SubscribeResponse>,
    _ body: () async throws -> Void
  ) async throws {
    let task = Task { await consumer.run() }
    let result: Result<Void, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    task.cancel()
    await task.value
    try result.get()
  }

  @Test(
    "One member's event cannot be applied: only that member's later ones wait",
    arguments: [
      "SELECT 9223372036854775807 + 1", "INSERT INTO event_horizon VALUES (2, 0, 0)", "SELECT 'x'::bigint", "unusable",
    ]
  )
  func oneMember(poison: String) async throws {
    try await with { scene in
      let isMended = Atomic(false)
      let consumer = scene.consumer { name, transaction in
        guard name == "b-2", !isMended.load(ordering: .relaxed) else { return }
        if poison == "unusable" { throw UnusableEvent("it makes no sense") }
        try await transaction.query(SQL(raw: poison))
      }
      for number in 1...20 { for key in ["a", "b", "c"] { try await scene.append("\(key)-\(number)") } }
      try await running(consumer) {
        try await eventually("all others are applied") {
          let counts = (try await scene.applied("a").count, try await scene.applied("c").count)
          return counts == (20, 20)
        }
        try await scene.append("b-21")
        try await eventually("later ones wait too") {
          try await scene.names("SELECT event_id FROM event_set_aside").count == 20
        }
        #expect(try await scene.applied("a") == (1...20).map { "a-\($0)" })
        #expect(try await scene.applied("b") == ["b-1"])
        let aside = try await scene.names("SELECT event_id FROM event_set_aside ORDER BY number")
        #expect(aside == (2...21).map { "b-\($0)" })
        #expect(try await scene.names("SELECT event_id FROM event_set_aside WHERE reason IS NOT NULL") == ["b-2"])
        #expect(scene.metric("event_consumer_set_aside") == "1")
        #expect(scene.metric("event_consumer_waiting") == "19")
        #expect(scene.readiness.isReady && scene.readiness.troubles.count == 1)

        isMended.store(true, ordering: .relaxed)
        try await scene.database.execute("UPDATE event_set_aside SET retry_at = now() WHERE reason IS NOT NULL")
        try await eventually("what was set aside is applied") { try await scene.applied("b").count == 21 }
        #expect(try await scene.applied("b") == (1...21).map { "b-\($0)" })
        try await scene.append("b-22")
        try await eventually("the member goes on") { try await scene.applied("b").count == 22 }
        #expect(try await scene.names("SELECT event_id FROM event_set_aside") == [])
      }
    }
  }

  @Test(
    "Trouble that passes sets nothing aside, and everything is applied once",
    arguments: ["57014", "40001", "53100"]
  )
  func passing(state: String) async throws {
    try await with { scene in
      let failures = Atomic(0)
      let consumer = scene.consumer { name, transaction in
        guard name == "b-2", failures.wrappingAdd(1, ordering: .relaxed).newValue <= 5 else { return }
        try await transaction.query(
          SQL(raw: "DO $$ BEGIN RAISE EXCEPTION 'trouble' USING ERRCODE = '\(state)'; END $$")
        )
      }
      for number in 1...5 { for key in ["a", "b"] { try await scene.append("\(key)-\(number)") } }
      try await running(consumer) {
        try await eventually("everything is applied") { try await scene.applied("b").count == 5 }
      }
      #expect(failures.load(ordering: .relaxed) > 5)
      #expect(try await scene.applied("b") == (1...5).map { "b-\($0)" })
      #expect(try await scene.names("SELECT event_id FROM event_set_aside") == [])
    }
  }

  @Test("An event of a kind that is not known is kept, in order, until a version that knows it comes")
  func unknownKind() async throws {
    try await with { scene in
      try await scene.append("a-1")
      try await scene.append("b-1", kind: nil)
      try await scene.append("b-2")
      try await scene.append("a-2")
      try await running(scene.consumer { _, _ in }) {
        try await eventually("others go on") { try await scene.applied("a").count == 2 }
        #expect(try await scene.applied("b") == [])
        #expect(try await scene.names("SELECT event_id FROM event_set_aside ORDER BY number") == ["b-1", "b-2"])
      }
      // The newer version, which knows the kind.
      let newer = LoyaltyV1.LoyaltyEvent(eventID: "b-1", key: "b", kind: .programmeUpdated(.init()))
      try await scene.database.execute(
        "UPDATE event_set_aside SET payload = \(try newer.serializedBytes()) WHERE event_id = 'b-1'"
      )
      try await running(scene.consumer { _, _ in }) {
        try await eventually("it is applied when a version that knows it starts") {
          try await scene.applied("b") == ["b-1", "b-2"]
        }
      }
    }
  }

  @Test("Random events of many members, some of which cannot be applied for a while, and a connection that breaks")
  func property() async throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    let random = RandomSource.seeded(seed)
    let keys = ["a", "b", "c", "d", "e"]
    var names: [String] = []
    var bad: [String] = []
    for number in 0..<300 {
      names.append("\(keys[Int(random.next() % 5)])-\(number)")
      if random.next() % 20 == 0 { bad.append(names[number]) }
    }
    let trouble = Trouble(bad)
    try await with { [names] scene in
      let consumer = scene.consumer(change: { $0.lease = .milliseconds(1) }) { try await trouble.meet($0, $1) }
      try await running(consumer) { try await follow(names, through: trouble, scene, seed: seed) }
      for key in keys {
        let applied = try await scene.applied(key)
        #expect(applied == names.filter { $0.hasPrefix(key) }, "seed \(seed)")
      }
    }
  }

  private func follow(_ names: [String], through trouble: Trouble, _ scene: Scene, seed: UInt64) async throws {
    for name in names { try await scene.append(name) }
    try await eventually("all are applied or set aside (seed \(seed))") {
      let total = try await scene.names("SELECT name FROM applied UNION ALL SELECT event_id FROM event_set_aside")
      return total.count == names.count
    }
    trouble.end()
    try await eventually("all are applied (seed \(seed))") {
      try await scene.database.execute("UPDATE event_set_aside SET retry_at = now() WHERE reason IS NOT NULL")
      return try await scene.names("SELECT name FROM applied").count == names.count
    }
  }

  @Test(
    "A consumer that makes no progress is reported by readiness, which stays ready, and the lag grows; idle is no lag"
  )
  func stalled() async throws {
    try await with { scene in
      let isBroken = Atomic(false)
      let consumer = scene.consumer(change: { $0.stallMaximum = .milliseconds(500) }) { _, transaction in
        if isBroken.load(ordering: .relaxed) { try await transaction.query("SELECT FROM missing") }
      }
      try await scene.append("a-1")
      try await running(consumer) {
        try await eventually("the event is applied") { try await scene.applied("a").count == 1 }
        try await eventually("nothing waits") { scene.metric("event_consumer_lag_seconds") == "0" }
        try await eventually("nothing is wrong") { scene.readiness.troubles.isEmpty }
        isBroken.store(true, ordering: .relaxed)
        try await scene.append("a-2")
        try await eventually("it stalls") { scene.metric("event_consumer_stalled") == "1" }
        try await eventually("the lag grows") {
          scene.metric("event_consumer_lag_seconds").flatMap(Double.init) ?? 0 > 0
        }
        try await eventually("it says why") {
          scene.readiness.troubles.first?.contains("SQLSTATE 42P01") == true
        }
        #expect(scene.readiness.isReady)
        #expect(try await scene.names("SELECT event_id FROM event_set_aside") == [])
        isBroken.store(false, ordering: .relaxed)
        try await eventually("it goes on") { try await scene.applied("a").count == 2 }
        try await eventually("nothing waits again") { scene.metric("event_consumer_lag_seconds") == "0" }
      }
    }
  }
}
