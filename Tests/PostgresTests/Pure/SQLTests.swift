import Testing

@testable import Postgres

@Suite("SQL text")
struct SQLTests {
  @Test("interpolated values become parameters, never text")
  func interpolation() {
    let name = "'; DROP TABLE member; --"
    let sql: SQL = "SELECT * FROM member WHERE name = \(name) AND points > \(5)"
    #expect(sql.text == "SELECT * FROM member WHERE name = $1 AND points > $2")
    #expect(sql.parameterCount == 2)
    #expect(sql.parameters.entries.map(\.type) == [.text, .int8])
  }

  @Test("raw text is inserted as it is, and names are quoted")
  func rawAndIdentifier() {
    let sql: SQL = "SELECT \(raw: "count(*)") FROM \(identifier: "odd \"table\"")"
    #expect(sql.text == #"SELECT count(*) FROM "odd ""table""""#)
    #expect(sql.parameterCount == 0)
  }

  @Test("joined statements number their parameters through")
  func joining() {
    let condition: SQL = "a = \(1) AND b = \("x")"
    let sql = "SELECT \(true) WHERE " + condition + " AND c = \(2.5)" as SQL
    #expect(sql.text == "SELECT $1 WHERE a = $2 AND b = $3 AND c = $4")
    #expect(sql.parameters.entries.map(\.type) == [.bool, .int8, .text, .float8])
  }

  @Test("a fragment can be interpolated, and text that looks like a parameter is left alone")
  func fragment() {
    let fragment: SQL = "note = 'costs $1' AND id = \(Int32(7))"
    let sql: SQL = "SELECT \(1) FROM t WHERE \(fragment) LIMIT \(10)"
    #expect(sql.text == "SELECT $1 FROM t WHERE note = 'costs $1' AND id = $2 LIMIT $3")
    #expect(sql.parameters.entries.map(\.type) == [.int8, .int4, .int8])
  }

  @Test("conditions can be joined by a separator")
  func separator() {
    let conditions: [SQL] = ["a = \(1)", "b = \(2)", "c"]
    #expect(conditions.joined(separator: " AND ").text == "a = $1 AND b = $2 AND c")
  }

  @Test("parameters beyond the sixteenth are numbered too")
  func manyParameters() {
    let sql = (0..<20).map { "\($0)" as SQL }.joined(separator: ",")
    #expect(sql.text.hasSuffix("$19,$20"))
  }

  @Test(
    "reading statements are distinguished from those that may write",
    arguments: [
      ("SELECT 1", false), ("  -- note\n select 1", false), ("/* x */ VALUES (1)", false), ("TABLE t", false),
      ("WITH a AS (SELECT 1) SELECT * FROM a", false), ("WITH a AS (DELETE FROM t RETURNING 1) SELECT 1", true),
      ("WITH a AS (SELECT 'insert into') SELECT 1", false), ("INSERT INTO t VALUES (1)", true), ("CALL f()", true),
      ("", true),
    ]
  )
  func effect(text: String, mayWrite: Bool) {
    #expect(SQL(raw: text).mayWrite == mayWrite)
  }

  @Test("a statement's effect can be declared")
  func declaredEffect() {
    #expect(SQL(raw: "SELECT charge()").writing().mayWrite)
    #expect(!SQL(raw: "CALL report()").reading().mayWrite)
    #expect(("SELECT " + SQL(raw: "charge()").writing() as SQL).mayWrite)
  }

  @Test("text with a NUL byte is refused, which libpq would cut short")
  func nullByte() {
    #expect(throws: PostgresError.self) { try SQL(raw: "SELECT 1\0, 2").check() }
    #expect(throws: Never.self) { try SQL(raw: "").check() }
  }

  @Test("more parameters than PostgreSQL takes are refused before they are sent")
  func tooManyParameters() {
    var parameters = Parameters()
    for _ in 0...65_535 { parameters.append(true, placeholder: 0) }
    #expect(throws: PostgresError.self) { try SQL(text: "", parameters: parameters).check() }
  }
}
