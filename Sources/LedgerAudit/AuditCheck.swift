import Postgres

/// One reading of the tables that decides one rule, or several that can be decided together.
struct AuditCheck: Sendable {
  /// The rules it decides.
  var rules: [AuditRule]

  /// A query, over tables and what ``AuditSource`` names, for what breaks them: the rule's name, the lane or null, a place
  /// in the lane by which the first is found, and what is wrong in words. No rows if all is well.
  var query: SQL

  /// Decides the rules on what a transaction sees. A reading that fails leaves its rules undecided, and the others as they
  /// are.
  func outcomes(in transaction: Transaction) async throws -> [AuditOutcome] {
    let start = ContinuousClock.now
    do {
      return try await transaction.savepoint { try await decide(in: $0) }
    } catch let error as PostgresError {
      return rules.map { .undecided($0, error, time: ContinuousClock.now - start) }
    }
  }

  private func decide(in transaction: Transaction) async throws -> [AuditOutcome] {
    let clock = ContinuousClock()
    let start = clock.now
    let statement: SQL = """
      WITH \(AuditSource.expressions), broken (rule, lane, place, finding) AS (\(query))
      SELECT DISTINCT ON (rule) rule, count(*) OVER (PARTITION BY rule), lane::integer, finding
      FROM broken ORDER BY rule, lane NULLS FIRST, place, finding
      """
    let rows = try await transaction.query(statement.reading())
    let time = clock.now - start
    var broken: [String: (count: Int64, finding: String)] = [:]
    for row in rows {
      let (rule, count, lane, finding) = try row.decode(String.self, Int64.self, Int32?.self, String.self)
      broken[rule] = (count, lane.map { "lane \($0): \(finding)" } ?? finding)
    }
    return rules.map { rule in
      AuditOutcome(
        rule: rule,
        brokenCount: broken[rule.name]?.count ?? 0,
        firstFinding: broken[rule.name]?.finding,
        time: time
      )
    }
  }
}

/// Something that is always true of the ledger.
struct AuditRule: Hashable, Sendable {
  /// What it is called, such as `account.available`.
  var name: String
  /// What it says, in words.
  var sentence: String

  init(_ name: String, _ sentence: String) {
    self.name = name
    self.sentence = sentence
  }
}
