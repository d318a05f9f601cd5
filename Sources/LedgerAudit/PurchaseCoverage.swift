import LocalSuite
import Postgres

/// How far an audit could compare members' purchases with the ledger.
package enum PurchaseCoverage: Sendable, Equatable {
  /// They were compared: how many there are, and how many events of the ledger members had not applied yet.
  case compared(purchases: Int64, eventsUnderWay: Int64)
  /// They were not, and why.
  case skipped(String)

  /// One line for people.
  package var line: String {
    switch self {
    case .compared(let purchases, 0):
      "\(Text.count(purchases)) purchases of members, compared with all orders of the ledger"
    case .compared(let purchases, let events):
      "\(Text.count(purchases)) purchases of members, compared with the ledger as far as members has followed it; "
        + "\(Text.count(events)) of its events are under way"
    case .skipped(let reason): "members' purchases are not compared with the ledger: \(reason)"
    }
  }

  /// The same for programs.
  var results: [String] {
    switch self {
    case .compared(let purchases, let events):
      ["RESULT audit.purchases=\(purchases)", "RESULT audit.purchase_events_under_way=\(events)"]
    case .skipped: ["RESULT audit.purchases=not_compared"]
    }
  }
}

extension PurchaseCoverage {
  /// The tables of members that the comparison reads.
  private static let tables = [
    "purchase", "purchase_line", "purchase_return", "purchase_totals", "event_cursor", "event_set_aside",
  ]

  /// Why the comparison cannot be made by who is connected; nil if it can.
  static func obstacle(in transaction: Transaction) async throws -> String? {
    let statement: SQL = """
      SELECT count(*), count(*) FILTER (
        WHERE has_schema_privilege(pg_namespace.oid, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT')
      )
      FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE nspname = 'members' AND relname = ANY (\(tables))
      """
    let (found, readable) = try await transaction.query(statement.reading())[0].decode(Int64.self, Int64.self)
    if found == 0 { return "the database has no schema members" }
    if found < tables.count { return "the schema members is of an older version" }
    return readable < tables.count ? "this role may not read the schema members" : nil
  }

  /// Counts what the comparison covers, unless an obstacle keeps it from being made.
  init(unless obstacle: String?, in transaction: Transaction) async throws {
    if let obstacle {
      self = .skipped(obstacle)
      return
    }
    let statement: SQL = """
      WITH \(AuditSource.followed) SELECT (SELECT count(*) FROM members.purchase), (SELECT count(*) FROM under_way)
      """
    let (purchases, events) = try await transaction.query(statement.reading())[0].decode(Int64.self, Int64.self)
    self = .compared(purchases: purchases, eventsUnderWay: events)
  }
}
