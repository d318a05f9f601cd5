import Foundation
import LedgerAudit
package import LocalSuite
package import Postgres
import ServiceKit

/// Has the ledger audited in its tables, and looks there for what only the load knows: that everything acknowledged to it is there,
/// once, and as it was acknowledged.
package struct LedgerAuditor: LedgerVerdict {
  /// How many acknowledged changes are looked for.
  package static let sampleMaximum = 10_000

  /// Loyalty's database, as ``AuditDatabase/configuration(_:)`` says.
  let database: Database
  let acknowledged: AcknowledgedMutations
  /// Whether the seals are checked too.
  var checksChain = false
  /// Is shown how the audit gets on.
  var terminal: Terminal?

  package init(
    database: Database,
    acknowledged: AcknowledgedMutations,
    checksChain: Bool = false,
    terminal: Terminal? = nil
  ) {
    self.database = database
    self.acknowledged = acknowledged
    self.checksChain = checksChain
    self.terminal = terminal
  }

  package var description: String {
    checksChain ? "an audit of loyalty's tables and seals" : "an audit of loyalty's tables"
  }

  package func verdict() async throws -> Verdict {
    let report = try await LedgerAudit(checksChain: checksChain).run(on: database, terminal: terminal)
    let findings = report.findings + LedgerFindings.of(acknowledged.sample, recorded: try await recorded())
    return findings.isEmpty ? .clean : .findings(findings)
  }

  /// What the entries say of the sampled changes, by request id. Points that expired on the occasion are not of the change.
  private func recorded() async throws -> [UUID: LedgerFindings.Recorded] {
    let ids = acknowledged.sample.map(\.requestID)
    let statement: SQL = """
      WITH \(AuditSource.expressions)
      SELECT request_id, count(*) FILTER (WHERE posting = 0),
        sum(CASE WHEN entry_type IN (1, 4, 6, 15) THEN amount WHEN entry_type IN (2, 3, 16) THEN -amount ELSE 0 END)::bigint
      FROM kept_entry WHERE request_id IN (SELECT unnest(\(ids))) GROUP BY request_id
      """
    var recorded: [UUID: LedgerFindings.Recorded] = [:]
    for row in try await database.query(statement.reading()) {
      let (id, count, balanceChange) = try row.decode(UUID.self, Int64.self, Int64.self)
      recorded[id] = LedgerFindings.Recorded(count: count, balanceChange: balanceChange)
    }
    return recorded
  }
}
