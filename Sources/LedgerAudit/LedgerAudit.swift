package import LocalSuite
package import Postgres

/// Proves the ledger from its tables, and members' purchases beside it where they can be read, on one snapshot, while the
/// services go on writing.
package struct LedgerAudit: Sendable {
  /// Whether the seals are checked too.
  var checksChain = false
  /// Hashes of daily roots that were kept elsewhere, in hexadecimal.
  var knownRoots: [String] = []
  /// The instant of the liability report, in microseconds since 1970; nil for all that was recorded.
  var asOf: Int64?

  package init(checksChain: Bool = false, knownRoots: [String] = [], asOf: Int64? = nil) {
    self.checksChain = checksChain
    self.knownRoots = knownRoots
    self.asOf = asOf
  }

  /// The rules of the ledger alone, in order. Every audit decides them.
  static let checks: [AuditCheck] = [
    .accounts, .lots, .lotsOfEntries, .entries, .runningBalance, .history, .requests, .sequences, .lanes, .programme,
    .orders, .events, .carried,
  ]

  private static let lanes: Range<Int16> = 0..<64

  /// Reads the tables and decides every rule.
  package func run(on database: Database, terminal: Terminal?) async throws -> AuditReport {
    try await database.transaction(.readOnlySnapshot) { transaction in
      // First of all: the snapshot is taken by the statement after it.
      do {
        try await transaction.execute(AuditSource.locking)
      } catch let error as PostgresError where error.sqlState == .undefinedTable {
        throw Self.noLedger
      }
      return try await run(in: transaction, terminal: terminal)
    }
  }

  private static let noLedger = SuiteError(
    "There is no ledger in this database, or not in its schema loyalty, or one of an older loyalty."
  )

  /// Decides every rule on what a transaction sees, and tells a terminal how it gets on.
  package func run(in transaction: Transaction, terminal: Terminal?) async throws -> AuditReport {
    let (accounts, entries) = try await Self.counts(in: transaction)
    terminal?.write(line: "\(Text.count(accounts)) accounts, \(Text.count(entries)) entries")
    let obstacle = try await PurchaseCoverage.obstacle(in: transaction)
    let checks = Self.checks + (obstacle == nil ? [.purchases] : [])
    let steps = checks.count + 1 + (checksChain ? Self.lanes.count + 1 : 0)
    let progress = terminal.map { ProgressReporter("Audit", total: steps, terminal: $0) }
    var outcomes: [AuditOutcome] = []
    func note(_ decided: [AuditOutcome]) {
      if let terminal { for outcome in decided { progress?.note(outcome.line(terminal)) } }
      outcomes += decided
    }
    for check in checks {
      note(try await check.outcomes(in: transaction))
      progress?.advance()
    }
    let liability = try await liability(in: transaction)
    note(liability.outcomes)
    progress?.advance()
    var root: String?
    if checksChain {
      note(try await chain(in: transaction, progress))
      note(try await AuditCheck.roots(known: knownRoots).outcomes(in: transaction))
      progress?.advance()
      root = try await Self.latestRoot(in: transaction)
    }
    progress?.finish()
    return AuditReport(
      accounts: accounts,
      entries: entries,
      outcomes: outcomes,
      liability: liability.report,
      sealsOfGoneEntries: try await Self.sealsOfGoneEntries(in: transaction),
      purchases: try await PurchaseCoverage(unless: obstacle, in: transaction),
      root: root
    )
  }

  /// What is owed, and whether it adds up. A reading that fails gives an empty report.
  private func liability(
    in transaction: Transaction
  ) async throws -> (report: LiabilityReport, outcomes: [AuditOutcome]) {
    let start = ContinuousClock.now
    do {
      let report = try await transaction.savepoint { try await LiabilityReport(asOf: asOf, in: $0) }
      return (report, report.outcomes(time: ContinuousClock.now - start))
    } catch let error as PostgresError {
      let time = ContinuousClock.now - start
      return (LiabilityReport(asOf: asOf, assets: []), LiabilityReport.rules.map { .undecided($0, error, time: time) })
    }
  }

  /// The chain of each lane, one after the other, as one outcome a rule.
  private func chain(in transaction: Transaction, _ progress: ProgressReporter?) async throws -> [AuditOutcome] {
    var whole = AuditCheck.chainRules.map { AuditOutcome(rule: $0, brokenCount: 0, firstFinding: nil, time: .zero) }
    for lane in Self.lanes {
      let outcomes = try await AuditCheck.chain(lane: lane).outcomes(in: transaction)
      for (index, outcome) in outcomes.enumerated() {
        whole[index].brokenCount += outcome.brokenCount
        whole[index].firstFinding = whole[index].firstFinding ?? outcome.firstFinding
        whole[index].failure = whole[index].failure ?? outcome.failure
        whole[index].time += outcome.time
      }
      progress?.advance()
    }
    return whole
  }

  /// How many accounts and entries there are.
  private static func counts(in transaction: Transaction) async throws -> (accounts: Int64, entries: Int64) {
    let statement: SQL = """
      WITH \(AuditSource.expressions)
      SELECT (SELECT count(*) FROM ledger_account), (SELECT count(*) FROM kept_entry)
      """
    return try await transaction.query(statement.reading())[0].decode(Int64.self, Int64.self)
  }

  private static func sealsOfGoneEntries(in transaction: Transaction) async throws -> Int64 {
    let statement: SQL = """
      WITH \(AuditSource.expressions)
      SELECT count(DISTINCT (lane, last_sequence)) FROM ledger_carried_seal
      WHERE month IN (SELECT month FROM gone_month)
      """
    return try await transaction.query(statement.reading())[0].decode(column: 0)
  }

  private static func latestRoot(in transaction: Transaction) async throws -> String? {
    let rows = try await transaction.query("SELECT encode(hash, 'hex') FROM ledger_root ORDER BY day DESC LIMIT 1")
    return try rows.first?.decode(column: 0)
  }
}

extension AuditOutcome {
  /// One line for people: whether the rule holds, what it says, and the first row that breaks it.
  fileprivate func line(_ terminal: Terminal) -> String {
    let name = rule.name + String(repeating: " ", count: max(1, 19 - rule.name.count))
    let state = holds ? terminal.coloured("ok    ", .green) : terminal.coloured("FAILED", .red)
    let line = "  \(state)  \(name)\(rule.sentence)  \(terminal.coloured(Text.duration(time), .dim))"
    guard let finding else { return line }
    return "\(line)\n          \(finding)"
  }
}
