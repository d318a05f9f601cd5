import Basics
import Foundation
import Postgres
import PostgresTestSupport
import SeededRandomness
import Testing

@Suite("Values")
struct ValueTests {
  private func roundTrip<Value: PostgresCodable & Equatable>(
    _ values: [Value],
    as type: String,
    _ database: Database
  ) async throws {
    for value in values {
      let rows = try await database.query("SELECT \(value)::\(raw: type), \(Value?.none)::\(raw: type)")
      let (back, nothing) = try rows[0].decode(Value.self, Value?.self)
      #expect(back == value, "\(type)")
      #expect(nothing == nil, "\(type)")
    }
  }

  @Test("every type is read back as it was written, and NULL as nil")
  func scalars() async throws {
    try await TestDatabase.with { database in
      try await roundTrip([true, false], as: "boolean", database)
      try await roundTrip([Int16.min, -1, 0, .max], as: "smallint", database)
      try await roundTrip([Int32.min, -1, 0, .max], as: "integer", database)
      try await roundTrip([Int64.min, -1, 0, .max], as: "bigint", database)
      try await roundTrip([Int.min, -1, 0, .max], as: "bigint", database)
      try await roundTrip([Float(1.5), -.infinity, .leastNonzeroMagnitude], as: "real", database)
      try await roundTrip([1.1, .infinity, -0.0, .greatestFiniteMagnitude], as: "double precision", database)
      try await roundTrip(["", "text", "会员 🎉 \"'\\"], as: "text", database)
      try await roundTrip(["varying"], as: "varchar(20)", database)
      try await roundTrip([[UInt8](), [0], Array(0...255)], as: "bytea", database)
      try await roundTrip([UUID(), UUID()], as: "uuid", database)
      try await roundTrip(
        [Instant(rawValue: 0), Instant(rawValue: -1), Instant(rawValue: 1_735_689_600_123_456)],
        as: "timestamptz",
        database
      )
      try await roundTrip([Day(year: 2024, month: 2, day: 29)!], as: "date", database)
      try await roundTrip([JSON(#"{"a": [1, null]}"#)], as: "jsonb", database)
    }
  }

  @Test("arrays of every type come back as they went, NULL elements too")
  func arrays() async throws {
    try await TestDatabase.with { database in
      try await roundTrip([[true, false], []], as: "boolean[]", database)
      try await roundTrip([[Int16.min, .max]], as: "smallint[]", database)
      try await roundTrip([[Int32.min, .max]], as: "integer[]", database)
      try await roundTrip([[Int64.min, .max], [], Array(0..<10_000)], as: "bigint[]", database)
      try await roundTrip([[1.5, -2]], as: "double precision[]", database)
      try await roundTrip([["", "a,b", "{\"x\"}", "NULL"]], as: "text[]", database)
      try await roundTrip([[[1, 2], [], [0]] as [[UInt8]]], as: "bytea[]", database)
      try await roundTrip([[UUID(), UUID()]], as: "uuid[]", database)
      try await roundTrip([[Instant(rawValue: 5)]], as: "timestamptz[]", database)
      try await roundTrip([[Day(rawValue: 0)]], as: "date[]", database)
      try await roundTrip([["a", nil, ""] as [String?], [nil]], as: "text[]", database)
      try await roundTrip([[1, nil] as [Int64?]], as: "bigint[]", database)
      try await roundTrip([[Int.min, .max], []], as: "bigint[]", database)
      let places = [RowPlace(block: .max, offset: 1), RowPlace(block: 0, offset: .max)]
      try await roundTrip([places, []], as: "tid[]", database)
      let nested = await failure { _ = try await database.query("SELECT '{{1,2}}'::bigint[]")[0].decode([Int].self) }
      #expect(nested?.kind == .decoding)
    }
  }

  @Test("a row is found again where it was read, and no longer there when it was updated")
  func places() async throws {
    try await TestDatabase.with { database in
      try await database.execute("CREATE TABLE thing (name text)")
      try await database.execute("INSERT INTO thing VALUES ('one'), ('two')")
      let place: RowPlace = try await database.query("SELECT ctid FROM thing WHERE name = 'two'")[0].decode(column: 0)
      let found = try await database.query("SELECT name FROM thing WHERE ctid = ANY (\([place]))")
      let names = try found.map { try $0.decode(column: 0, as: String.self) }
      #expect(names == ["two"])
      try await database.execute("UPDATE thing SET name = 'three' WHERE ctid = \(place)")
      #expect(try await database.query("SELECT FROM thing WHERE ctid = \(place)").isEmpty)
    }
  }

  @Test("a Date keeps its microseconds over centuries", arguments: 0..<3)
  func dates(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    let micros = (0..<2_000).map { _ in Int64.random(in: -5_000_000_000_000_000...5_000_000_000_000_000, using: &random)
    }
    try await TestDatabase.with { database in
      let stored = try await database.query("SELECT unnest(\(micros.map { Instant(rawValue: $0) }))")
      let dates = try stored.map { row in try row.decode(Date.self) }
      let rows = try await database.query("SELECT unnest(\(dates))")
      let back = try rows.map { row in try row.decode(Instant.self).rawValue }
      #expect(zip(back, micros).allSatisfy { $0 == $1 }, "seed \(seed)")
    }
  }

  @Test("the infinities of timestamps become distant dates")
  func infinities() async throws {
    try await TestDatabase.with { database in
      let row = try await database.query("SELECT 'infinity'::timestamptz, '-infinity'::timestamptz")[0]
      let (future, past) = try row.decode(Date.self, Date.self)
      #expect(future == .distantFuture && past == .distantPast)
    }
  }

  @Test("PostgreSQL and this library agree on the text of times and days")
  func epochs() async throws {
    try await TestDatabase.with { database in
      let row = try await database.query(
        """
        SELECT to_char(\(Instant(rawValue: 1_735_689_600_123_456)) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
               \(Date(timeIntervalSince1970: 1_735_689_600.5)) = '2025-01-01 00:00:00.5Z'::timestamptz,
               \(Day(year: 2025, month: 12, day: 24))::text
        """
      )[0]
      #expect(try row.decode(String.self, Bool.self, String.self) == ("2025-01-01 00:00:00.123456", true, "2025-12-24"))
    }
  }

  @Test("every day of four thousand years has the name that PostgreSQL gives it")
  func calendar() async throws {
    try await TestDatabase.with { database in
      let rows = try await database.query(
        "SELECT day::date, to_char(day, 'YYYY-MM-DD') FROM generate_series('0400-01-01'::date, '4400-01-01', '37 days') day"
      )
      for (day, name) in try rows.decode(Day.self, String.self) {
        #expect(day.description == name)
        let date = day.civil
        #expect(Day(year: Int(date.year), month: Int(date.month), day: Int(date.day)) == day)
      }
      #expect(Day(year: 2025, month: 2, day: 29) == nil)
    }
  }

  @Test("enumerations of Swift and of PostgreSQL are stored by their names")
  func enumerations() async throws {
    enum Status: String, PostgresCodable { case active, closed }
    try await TestDatabase.with { database in
      try await database.execute("CREATE TYPE status AS ENUM ('active', 'closed', 'odd')")
      let row = try await database.query("SELECT \(Status.closed), 'active'::status, 'odd'::status")[0]
      let (sent, stored) = try row.decode(Status.self, Status.self)
      #expect(sent == .closed && stored == .active)
      let error = await failure { _ = try row.decode(column: 2, as: Status.self) }
      #expect(error?.kind == .decoding)
    }
  }

  @Test("an integer column is read into any integer that can hold its value")
  func integers() async throws {
    try await TestDatabase.with { database in
      let row = try await database.query("SELECT 5::smallint, 5::integer, 5000000000::bigint, 1.5::numeric")[0]
      #expect(try row.decode(Int.self, Int.self, Int.self) == (5, 5, 5_000_000_000))
      #expect(try row.decode(column: 1, as: Int16.self) == 5)
      #expect(throws: PostgresError.self) { try row.decode(column: 2, as: Int32.self) }
      let error = await failure { _ = try row.decode(column: 3, as: Int.self) }
      #expect(error?.reason.contains("cast") == true)
    }
  }
}
