import Testing

@testable import Postgres

@Suite("What is to be migrated")
struct MigrationPlanTests {
  private let steps = [
    Migration(version: 1, name: "one", sql: "a"), Migration(version: 2, name: "two", sql: "b"),
    Migration(version: 3, name: "three", sql: "c"),
  ]
  private let checksums = [1: "A", 2: "B", 3: "C"]

  private func plan(_ migrations: [Migration], applied: [AppliedMigration]) throws(PostgresError) -> [Int] {
    try MigrationPlan(migrations, checksums: checksums, applied: applied).pending.map(\.version)
  }

  @Test("what follows the last applied step is pending, in order")
  func pending() throws {
    #expect(try plan(steps.reversed(), applied: []) == [1, 2, 3])
    let applied = [AppliedMigration(version: 1, name: "one", checksum: "A")]
    #expect(try plan(steps, applied: applied) == [2, 3])
  }

  @Test("a changed, a renamed and a missing step are refused, and so is a gap")
  func refusals() {
    let changed = [AppliedMigration(version: 1, name: "one", checksum: "X")]
    let renamed = [AppliedMigration(version: 1, name: "uno", checksum: "A")]
    let applied = [
      AppliedMigration(version: 1, name: "one", checksum: "A"),
      AppliedMigration(version: 2, name: "two", checksum: "B"),
    ]
    for (migrations, past) in [(steps, changed), (steps, renamed), ([steps[0]], applied), ([steps[0], steps[2]], [])] {
      let error = #expect(throws: PostgresError.self) { try plan(migrations, applied: past) }
      #expect(error?.kind == .migration)
    }
  }

  @Test("a step's file is named with four digits and a name")
  func fileNames() {
    #expect(Migration(fileName: "0012_add_tier.sql", sql: "")?.version == 12)
    #expect(Migration(fileName: "0012_add_tier.sql", sql: "")?.fileName == "0012_add_tier.sql")
    for name in ["12_x.sql", "0001.sql", "0001_.sql", "0001-x.sql", "0001_X.sql", "0001_x.txt", "_0001_x.sql", ""] {
      #expect(Migration(fileName: name, sql: "") == nil, "\(name)")
    }
  }
}
