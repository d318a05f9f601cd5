import Foundation
import Postgres
import PostgresTestSupport
import Testing

@testable import patron

@Suite("patron events")
struct SetAsideEventsTests {
  private static let tables: String = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return
      (try? String(contentsOf: root.appendingPathComponent("Sources/ServiceKit/service-tables.sql"), encoding: .utf8))
      ?? ""
  }()

  /// Runs a test with a service that has set aside one event each of the members a and b, and two later ones of a.
  private func with(_ body: (SetAsideEvents) async throws -> Void) async throws {
    try await TestDatabase.with { database in
      try await database.transaction { try await $0.executeScript(Self.tables) }
      try await database.execute(
        """
        INSERT INTO event_set_aside (source, key, event_id, cursor, payload, reason, attempts, since, retry_at)
        SELECT 'loyalty', key, key || number, '', '', reason, 1, now(), CASE WHEN reason IS NOT NULL THEN now() + '1 hour' END
        FROM (VALUES ('a', 1, 'too large'), ('a', 2, NULL), ('b', 1, 'nonsense'), ('a', 3, NULL)) AS given (key, number, reason)
        """
      )
      try await body(SetAsideEvents(database: database))
    }
  }

  private func due(_ store: SetAsideEvents) async throws -> [String] {
    try await store.database.query("SELECT event_id FROM event_set_aside WHERE retry_at <= now() ORDER BY number")
      .map { try $0.decode(column: 0, as: String.self) }
  }

  @Test("lists what could not be applied, with the events waiting behind it")
  func lists() async throws {
    try await with { store in
      let all = try await store.list(.init(), limit: 10)
      #expect(all.map(\.eventID) == ["a1", "b1"])
      #expect(all.map(\.waiting) == [2, 0])
      #expect(try await store.list(.init(key: "b"), limit: 10).map(\.reason) == ["nonsense"])
      #expect(try await store.counts(.init()) == (2, 2))
      #expect(all[0].lines[1] == "    too large")
    }
  }

  @Test("retries the chosen events, and reports the result")
  func retries() async throws {
    try await with { store in
      let before = try await store.list(.init(), limit: 10)
      try await store.retry(.init(eventID: "a1"))
      #expect(try await due(store) == ["a1"])
      try await store.database.execute("UPDATE event_set_aside SET attempts = 2 WHERE event_id = 'b1'")
      try await store.database.execute("DELETE FROM event_set_aside WHERE event_id = 'a1'")
      let outcome = EventsRetry.outcome(before, try await store.list(.init(), limit: 10))
      #expect(outcome.applied == 1 && outcome.untried == 0 && outcome.refused.map(\.eventID) == ["b1"])
      #expect(outcome.lines("members")[0] == "members: 1 applied, 1 still cannot be applied")
    }
  }

  @Test("gives up one event, stores it with the reason, and continues with those behind it")
  func skips() async throws {
    try await with { store in
      let first = try #require(try await store.list(.init(eventID: "a1"), limit: 1).first)
      #expect(try await store.skip(first, because: "sent by mistake"))
      #expect(try await !store.skip(first, because: "again"))
      #expect(try await due(store) == ["a2"])
      #expect(try await store.list(.init(), limit: 10).map(\.eventID) == ["b1"])
      let skipped = try await store.list(.init(), withSkipped: true, limit: 10)
      #expect(skipped.map(\.skippedReason) == ["sent by mistake", nil])
    }
  }
}
