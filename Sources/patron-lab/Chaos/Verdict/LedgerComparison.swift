import Basics
import Foundation
import LedgerAudit
import Postgres
import ServiceKit

/// Compares the ledger's tables with what the answers say that they must hold.
struct LedgerComparison: Sendable {
  /// How many differences of a sort are reported.
  private static let differencesMaximum = 5

  let books: ChaosBooks
  /// Whether the seals are checked too.
  var checksChain = false

  /// What is wrong: first what breaks a rule of the audit, then what was lost, doubled, or done though nobody was answered.
  ///
  /// - Parameter calls: The calls whose entries are counted one by one; of the others only that none is missing.
  func findings(on database: Database, calls: [UUID]) async throws -> [String] {
    let report = try await LedgerAudit(checksChain: checksChain).run(on: database, terminal: nil)
    return report.findings + (try await balanceFindings(database)) + (try await entryFindings(database, calls))
      + (try await requestFindings(database))
  }

  private func balanceFindings(_ database: Database) async throws -> [String] {
    var balances: [UUID: Int64] = [:]
    for row in try await database.query("SELECT member_id, available FROM ledger_account") {
      let (member, available) = try row.decode(UUID.self, Int64.self)
      balances[member] = available
    }
    return Self.differences(expected: books.balances, found: balances) { member, expected, found in
      "member \(member.text) must have \(expected) points by all answers, and has \(found)"
    }
  }

  private func entryFindings(_ database: Database, _ calls: [UUID]) async throws -> [String] {
    var counts: [UUID: Int64] = [:]
    let rows = try await database.query(
      "SELECT request_id, count(*) FROM ledger_entry WHERE request_id = ANY (\(calls)) GROUP BY request_id"
    )
    for row in rows {
      let (id, count) = try row.decode(UUID.self, Int64.self)
      counts[id] = count
    }
    let expected = Dictionary(calls.map { ($0, books.entryCounts[$0, default: 0]) }) { first, _ in first }
    return Self.differences(expected: expected, found: counts) { id, expected, found in
      "request \(id.text) must have left \(expected) entries by its answer, and there are \(found)"
    }
  }

  private func requestFindings(_ database: Database) async throws -> [String] {
    let found: Int64 = try await database.query(
      "SELECT count(*) FROM ledger_entry WHERE posting = 0"
    )[0].decode(column: 0)
    guard found != books.answered.count else { return [] }
    return ["\(books.answered.count) requests were answered, and \(found) are in the ledger"]
  }

  /// What differs, in words, at most a few.
  static func differences(
    expected: [UUID: Int64],
    found: [UUID: Int64],
    _ describe: (UUID, Int64, Int64) -> String
  ) -> [String] {
    let different = Set(expected.keys).union(found.keys).filter { id in
      expected[id, default: 0] != found[id, default: 0]
    }
    return different.sorted { $0.text < $1.text }.prefix(differencesMaximum).map { id in
      describe(id, expected[id, default: 0], found[id, default: 0])
    }
  }
}
