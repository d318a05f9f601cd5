import Postgres
import PostgresTestSupport
import Testing

@Suite("Notifications")
struct NotificationTests {
  @Test("what is sent after listening arrives, in order, on its channel only")
  func delivery() async throws {
    try await TestDatabase.with { database in
      let first = try await database.listen(to: "events")
      let other = try await database.listen(to: "odd \"channel\"")
      try await database.notify("events", payload: "1")
      try await database.notify("odd \"channel\"", payload: "x")
      try await database.notify("events", payload: "2")
      var iterator = first.makeAsyncIterator()
      #expect(await iterator.next()?.payload == "1")
      #expect(await iterator.next()?.payload == "2")
      var otherIterator = other.makeAsyncIterator()
      #expect(await otherIterator.next()?.payload == "x")
    }
  }

  @Test("a notification of a transaction arrives with its commit")
  func transactional() async throws {
    try await TestDatabase.with { database in
      let notifications = try await database.listen(to: "events")
      struct Refused: Error {}
      _ = try? await database.transaction { transaction in
        try await transaction.query("SELECT pg_notify('events', 'rolled back')")
        throw Refused()
      }
      try await database.transaction { try await $0.query("SELECT pg_notify('events', 'committed')") }
      var iterator = notifications.makeAsyncIterator()
      #expect(await iterator.next()?.payload == "committed")
    }
  }

  @Test("two readers of a channel both get everything")
  func readers() async throws {
    try await TestDatabase.with { database in
      let one = try await database.listen(to: "events")
      let two = try await database.listen(to: "events")
      try await database.notify("events", payload: "x")
      for reader in [one, two] {
        var iterator = reader.makeAsyncIterator()
        let notification = await iterator.next()
        #expect(notification?.payload == "x")
        #expect(notification?.mayHaveMissed == false)
      }
    }
  }

  @Test("after the connection was lost the reader learns that something may be missing, and continues")
  func lostConnection() async throws {
    try await TestDatabase.with { database in
      let notifications = try await database.listen(to: "events")
      try await database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
      )
      var iterator = notifications.makeAsyncIterator()
      #expect(await iterator.next()?.mayHaveMissed == true)
      try await database.notify("events", payload: "again")
      #expect(await iterator.next()?.payload == "again")
    }
  }

  @Test("a shutdown ends the sequence")
  func shutdown() async throws {
    let database = try await TestDatabase.create().connect()
    let notifications = try await database.listen(to: "events")
    await database.shutdown()
    for await _ in notifications { Issue.record("nothing was sent") }
  }

  @Test("a reader that stops reading stops listening")
  func stop() async throws {
    try await TestDatabase.with { database in
      func listening() async throws -> Int {
        try await database.query(
          "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'UNLISTEN%'"
        ).count
      }
      do {
        let notifications = try await database.listen(to: "events")
        try await database.notify("events")
        for await _ in notifications { break }
      }
      while try await listening() == 0 { await Task.yield() }
    }
  }
}
