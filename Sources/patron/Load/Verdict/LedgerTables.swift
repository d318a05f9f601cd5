internal import Foundation
internal import Postgres
internal import ServiceKit

/// Checks the ledger in its tables, with SQL.
struct LedgerTables: LedgerVerdict {
  /// How many acknowledged changes are looked for.
  static let sampleMaximum = 10_000
  /// The longest that one of the queries may take: they read whole tables.
  static let queryTimeout: Duration = .seconds(600)

  let database: Database
  let acknowledged: AcknowledgedMutations

  var description: String { "loyalty's tables, by SQL" }

  /// Connects to loyalty's schema.
  static func connect(_ url: String) -> Database {
    var configuration = DatabaseConfiguration(connectionString: url)
    configuration.session.searchPath = ["loyalty"]
    configuration.session.statementTimeout = queryTimeout
    configuration.queryTimeout = queryTimeout
    return Database(configuration: configuration, logger: .silent)
  }

  func verdict() async throws -> Verdict {
    let findings = try await balances() + orders() + reversals() + receipts()
    return findings.isEmpty ? .clean : .findings(findings)
  }

  private func balances() async throws -> [String] {
    let wrong = try await count("SELECT count(*) FROM account_mismatch")
    return wrong == 0 ? [] : ["\(wrong) balances are not the sum of their entries"]
  }

  private func receipts() async throws -> [String] {
    let twice = try await count(
      "SELECT count(*) FROM (SELECT FROM orders GROUP BY store_id, receipt_number HAVING count(*) > 1) AS twice"
    )
    return twice == 0 ? [] : ["\(twice) receipts were posted more than once"]
  }

  private func orders() async throws -> [String] {
    let ids = acknowledged.sample.filter { $0.kind == .order }.map(\.requestID)
    return try await compare(
      .order,
      "SELECT order_id, points_earned - points_redeemed FROM orders WHERE order_id = ANY(\(ids))"
    )
  }

  private func reversals() async throws -> [String] {
    let ids = acknowledged.sample.filter { $0.kind == .reversal }.map(\.requestID)
    return try await compare(
      .reversal,
      "SELECT request_id, points_returned - points_taken FROM reversal WHERE request_id = ANY(\(ids))"
    )
  }

  /// Compares what the ledger says of the sampled changes with what was answered.
  private func compare(_ kind: AcknowledgedMutation.Kind, _ query: SQL) async throws -> [String] {
    var found: [UUID: Int64] = [:]
    for row in try await database.query(query) {
      let (id, points) = try row.decode(UUID.self, Int64.self)
      found[id] = points
    }
    let asked = acknowledged.sample.filter { $0.kind == kind }
    return LedgerFindings.of(asked, kind: kind) { found[$0.requestID] }
  }

  private func count(_ query: SQL) async throws -> Int64 {
    try await database.query(query)[0].decode(column: 0)
  }
}
