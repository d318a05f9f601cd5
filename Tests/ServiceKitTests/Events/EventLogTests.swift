import Basics
import Eventually
import Foundation
import LoyaltyProto
import Postgres
import RPC
import Testing

@testable import ServiceKit

@Suite("Event log")
struct EventLogTests {
  private let ids = UUIDv7Generator(random: .seeded(9))

  private func append(_ log: EventLog, _ name: String, in transaction: Transaction) async throws {
    let event = LoyaltyV1.LoyaltyEvent(eventID: name)
    try await log.append(event, id: ids.next(), type: "order_posted", key: name, in: transaction)
  }

  private func keys(_ database: Database, after position: EventPosition) async throws -> ([String], EventPosition) {
    let found = try await EventReader(database: database).read(after: position, limit: 100)
    return (found.events.map(\.key), found.position)
  }

  /// Reads keys with retries, because open transactions of other tests on the same server hold events back for a
  /// moment.
  private func keys(_ database: Database, after start: EventPosition, count: Int) async throws -> [String] {
    var position = start
    var all: [String] = []
    try await eventually("\(count) events can be read") {
      let (keys, next) = try await keys(database, after: position)
      all += keys
      position = next
      return all.count >= count
    }
    return all
  }

  @Test("An event that commits late holds back those of later transactions, and none is skipped")
  func lateCommit() async throws {
    try await ServiceDatabase.with { database in
      let log = EventLog(database: database, domain: "test.patron", logger: .silent)
      let written = Gate()
      let mayCommit = Gate()
      async let slow: Void = database.transaction { transaction in
        try await append(log, "slow", in: transaction)
        written.open()
        await mayCommit.wait()
      }
      await written.wait()
      try await database.transaction { try await append(log, "fast", in: $0) }

      let (before, position) = try await keys(database, after: .start)
      #expect(before == [])
      mayCommit.open()
      try await slow
      #expect(try await keys(database, after: position, count: 2) == ["slow", "fast"])
    }
  }

  @Test("A transaction that is rolled back leaves no gap that holds anything back")
  func rollback() async throws {
    try await ServiceDatabase.with { database in
      let log = EventLog(database: database, domain: "test.patron", logger: .silent)
      await #expect(throws: CancellationError.self) {
        try await database.transaction { transaction in
          try await append(log, "undone", in: transaction)
          throw CancellationError()
        }
      }
      try await database.transaction { try await append(log, "kept", in: $0) }
      #expect(try await keys(database, after: .start, count: 1) == ["kept"])
    }
  }

  @Test("Events of one transaction keep their order, also from savepoints")
  func orderInTransaction() async throws {
    try await ServiceDatabase.with { database in
      let log = EventLog(database: database, domain: "test.patron", logger: .silent)
      try await database.transaction { transaction in
        try await append(log, "1", in: transaction)
        try await transaction.savepoint { try await append(log, "2", in: $0) }
        try await append(log, "3", in: transaction)
      }
      #expect(try await keys(database, after: .start, count: 3) == ["1", "2", "3"])
    }
  }

  @Test("A subscription gets what there is, then what is committed, then empty responses")
  func subscription() async throws {
    try await ServiceDatabase.with { database in
      let log = EventLog(database: database, settings: LoyaltyEvents.settings, domain: "test.patron", logger: .silent)
      try await database.transaction { try await append(log, "old", in: $0) }
      try await LoyaltyEvents.serve(log) { client in
        var responses = try await client.subscribe(LoyaltyV1.SubscribeRequest()).makeAsyncIterator()
        var seen: [String] = []
        while seen.isEmpty, let response = try await responses.next() { seen += response.events.map(\.eventID) }
        #expect(seen == ["old"])
        try await database.transaction { try await append(log, "new", in: $0) }
        log.wake()
        var cursor = ""
        while seen.count < 2, let response = try await responses.next() {
          seen += response.events.map(\.eventID)
          cursor = response.cursor
        }
        #expect(seen == ["old", "new"])
        let sign = try await responses.next()
        #expect(sign?.events.isEmpty == true && sign?.cursor.isEmpty == false)

        var again = try await client.subscribe(LoyaltyV1.SubscribeRequest(cursor: cursor)).makeAsyncIterator()
        #expect(try await again.next()?.events.isEmpty == true)
      }
    }
  }

  @Test("A response ends before its events are too large together, and none is left out")
  func bytes() async throws {
    try await ServiceDatabase.with { database in
      let log = EventLog(database: database, domain: "test.patron", logger: .silent)
      let sizes = [10, 400, 700, 5_000, 10, 10, 10]
      for size in sizes {
        try await database.transaction { try await append(log, String(repeating: "x", count: size), in: $0) }
      }
      _ = try await keys(database, after: .start, count: sizes.count)
      var position = EventPosition.start
      var batches: [[Int]] = []
      var isFull = true
      while isFull {
        let found = try await EventReader(database: database).read(after: position, limit: 2, bytesMaximum: 1_000)
        batches.append(found.events.map(\.key.count))
        position = found.position
        isFull = found.isFull
      }
      #expect(batches == [[10, 400], [700], [5_000], [10, 10], [10]])
    }
  }

  @Test("An unknown cursor is refused")
  func wrongCursor() async throws {
    try await ServiceDatabase.with { database in
      let log = EventLog(database: database, domain: "test.patron", logger: .silent)
      let future = EventPosition(transactionID: 1 << 40, sequence: 1).cursor
      for cursor in ["x", "AAAA", future] {
        let error = await #expect(throws: RPCError.self) {
          try await log.serve(from: .after(cursor), context: context) { _ in }
        }
        #expect(error?.code == .invalidArgument && error?.info?.reason == "CURSOR_INVALID")
      }
    }
  }

  @Test("Old events are removed in order, and a cursor before them is refused")
  func retention() async throws {
    try await ServiceDatabase.with { database in
      let log = EventLog(database: database, domain: "test.patron", logger: .silent)
      for name in ["1", "2", "3"] { try await database.transaction { try await append(log, name, in: $0) } }
      _ = try await keys(database, after: .start, count: 3)
      let first = try await EventReader(database: database).read(after: .start, limit: 1)
      try await database.execute("UPDATE event SET recorded_at = now() - interval '2 hours' WHERE key <> '3'")
      #expect(try await EventRetention(database: database, keep: .seconds(3600)).removeAll() == 2)
      #expect(try await keys(database, after: .start, count: 1) == ["3"])
      let error = await #expect(throws: RPCError.self) {
        try await log.serve(from: .after(first.position.cursor), context: context) { _ in }
      }
      #expect(error?.code == .outOfRange && error?.info?.reason == "CURSOR_EXPIRED")
    }
  }

  @Test("A subscription ends when the service drains")
  func drain() async throws {
    try await ServiceDatabase.with { database in
      let log = EventLog(database: database, domain: "test.patron", logger: .silent)
      let drain = Drain()
      let context = context
      let error = await #expect(throws: RPCError.self) {
        try await DrainInterceptor(drain: drain).intercept(context) {
          try await log.serve(from: .now, context: context) { _ in drain.begin() }
        }
      }
      #expect(error?.code == .unavailable)
    }
  }

  private var context: ServerContext { ServerContext(method: LoyaltyV1.LoyaltyServiceMethods.subscribe) }
}
