import Basics
import Foundation
import Postgres

/// The members' accounts and their entries in PostgreSQL, for reading.
struct AccountStore: Sendable {
  let database: Database

  /// What members have of assets; those without an account are left out.
  func accounts(_ keys: [AccountKey]) async throws -> [AccountKey: AccountRecord] {
    let rows = try await database.query(
      """
      SELECT \(AccountColumn.list(AccountColumn.read, of: "account"))
      FROM unnest(\(keys.map { Lane(member: $0.member).number }), \(keys.map(\.member)), \(keys.map(\.asset.rawValue)))
          AS wanted (lane, member_id, asset)
        JOIN ledger_account AS account ON account.lane = wanted.lane AND account.member_id = wanted.member_id
          AND account.asset = wanted.asset
      """
    )
    var found: [AccountKey: AccountRecord] = [:]
    for row in rows {
      let (key, record) = try AccountRecord.read(row)
      found[key] = record
    }
    return found
  }

  /// A member's entries that moved something and match a filter, latest first, with the receipt that caused each.
  ///
  /// All of the member's entries are read.
  func entries(of member: UUID, _ filter: EntryFilter, limit: Int) async throws -> [ListedEntry] {
    let rows = try await history(
      """
      WITH entry AS MATERIALIZED (\(Self.entries(of: member)))
      SELECT \(EntryColumn.list(EntryColumn.read, of: "entry")), orders.store_id, orders.receipt_number
      FROM entry LEFT JOIN orders ON orders.order_id = entry.reference
      WHERE amount > 0 AND entry.sequence >= \(filter.from.rawValue) AND entry.sequence < \(filter.before.rawValue)
        AND (\(filter.asset?.rawValue)::smallint IS NULL OR entry.asset = \(filter.asset?.rawValue))
        AND (\(filter.types.isEmpty) OR entry.entry_type = ANY (\(filter.types)))
      ORDER BY entry.sequence DESC LIMIT \(limit)
      """
    )
    return try rows.map { row in
      ListedEntry(
        row: try EntryRow(row),
        storeID: try row["store_id", as: String?.self] ?? "",
        receiptNumber: try row["receipt_number", as: String?.self] ?? ""
      )
    }
  }

  /// What moved in a member's accounts of an asset up to an instant, first to last.
  func postings(_ key: AccountKey, until instant: Instant) async throws -> [Posting] {
    let rows = try await history(
      """
      WITH entry AS MATERIALIZED (\(Self.entries(of: key.member)))
      SELECT \(EntryColumn.list(EntryColumn.read, of: "entry")) FROM entry
      WHERE amount > 0 AND entry.asset = \(key.asset.rawValue) AND entry.sequence <= \(instant.rawValue)
      ORDER BY entry.sequence
      """
    )
    return try rows.map { try EntryRow($0).entry.posting }
  }

  /// What a period did to what a member can spend of an asset. An asset of which nothing ever moved has an empty one.
  ///
  /// The account and its entries are read by one statement, so that none of them is newer than the others. Sums come as text:
  /// they may be larger than what 64 bits take.
  func statement(_ key: AccountKey, _ period: StatementPeriod) async throws -> AccountStatement {
    let rows = try await history(Self.statement(key, period))
    guard let first = rows.first else { return AccountStatement() }
    var statement = AccountStatement()
    let account = try AccountRecord.read(first).1
    try account.checkSound()
    let (overdueBefore, overdueAfter) = (try first.sum("at_begin"), try first.sum("at_end"))
    for row in rows {
      guard let type = try row["entry_type", as: PostingType?.self] else { continue }
      let count = try row["entry_count", as: Int64.self]
      let line = AccountStatement.Line(
        type: type,
        entryCount: count,
        added: try row.sum("added"),
        taken: try row.sum("taken")
      )
      statement.openingBalance += try row.sum("before")
      if count > 0 { statement.lines.append(line) }
    }
    statement.countDue(of: account, in: period, overdueBefore: overdueBefore, overdueAfter: overdueAfter)
    return statement
  }

  private static func statement(_ key: AccountKey, _ period: StatementPeriod) -> SQL {
    """
    WITH entry AS MATERIALIZED (
      SELECT entry_type, amount, lots, sequence, sequence >= \(period.instants.lowerBound.rawValue) AS is_within,
        CASE WHEN to_account = 1 THEN amount ELSE 0 END AS added,
        CASE WHEN from_account = 1 THEN amount ELSE 0 END AS taken
      FROM (\(entries(of: key.member))) AS entry
      WHERE amount > 0 AND entry.asset = \(key.asset.rawValue) AND sequence < \(period.instants.upperBound.rawValue)
    ), overdue AS MATERIALIZED (
      SELECT coalesce(sum(moved) FILTER (WHERE NOT is_within AND day < \(Int64(period.begin.today.rawValue))), 0) AS at_begin,
        coalesce(sum(moved) FILTER (WHERE day < \(Int64(period.end.today.rawValue))), 0) AS at_end
      FROM (
        SELECT is_within, \(LotKey.day(of: "lots[place]")) AS day,
          CASE WHEN added > 0 THEN lots[place + 1] ELSE -lots[place + 1] END AS moved
        FROM entry CROSS JOIN LATERAL generate_series(1, cardinality(lots), 2) AS place
        WHERE added <> taken
      ) AS lot
    ), line AS (
      SELECT entry_type, count(*) FILTER (WHERE is_within) AS entry_count, sum(added) FILTER (WHERE is_within) AS added,
        sum(taken) FILTER (WHERE is_within) AS taken, sum(added - taken) FILTER (WHERE NOT is_within) AS before
      FROM entry GROUP BY entry_type
    )
    SELECT \(AccountColumn.list(AccountColumn.read, of: "account")), overdue.at_begin::text AS at_begin,
      overdue.at_end::text AS at_end, line.entry_type, line.entry_count, coalesce(line.added, 0)::text AS added,
      coalesce(line.taken, 0)::text AS taken, coalesce(line.before, 0)::text AS before
    FROM ledger_account AS account CROSS JOIN overdue LEFT JOIN line ON true
    WHERE account.lane = \(Lane(member: key.member).number) AND account.member_id = \(key.member)
      AND account.asset = \(key.asset.rawValue)
    ORDER BY line.entry_type
    """
  }

  /// All of a member's entries: of each account first those of the request that wrote to it last, then those of the one
  /// that this follows, and so on.
  private static func entries(of member: UUID) -> SQL {
    """
    WITH RECURSIVE request AS (
      SELECT lane, member_id, asset, written_by AS request_id FROM ledger_account
      WHERE lane = \(Lane(member: member).number) AND member_id = \(member)
      UNION ALL
      SELECT request.lane, request.member_id, request.asset, before.follows
      FROM request CROSS JOIN LATERAL (
        SELECT follows FROM ledger_entry AS entry WHERE \(isOf("entry"))
        UNION ALL
        SELECT follows FROM ledger_passage AS passage WHERE \(isOf("passage"))
        LIMIT 1
      ) AS before
      WHERE before.follows IS NOT NULL
    )
    SELECT entry.* FROM request CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry AS found WHERE \(isOf("found")) OFFSET 0
    ) AS entry
    """
  }

  /// Whether a row belongs to what `request` names.
  private static func isOf(_ row: String) -> SQL {
    """
    \(raw: row).request_id = request.request_id AND \(raw: row).member_id = request.member_id \
    AND \(raw: row).lane = request.lane AND \(raw: row).asset = request.asset
    """
  }

  /// Reads a history: each of its steps by key, also if the table was small or empty when the statement was planned.
  private func history(_ statement: SQL) async throws -> Rows {
    try await database.pipeline(["SELECT set_config('enable_seqscan', 'off', true)", statement])[1]
  }
}

/// Which entries are listed.
struct EntryFilter: Sendable, Hashable {
  /// Nil means all.
  var asset: AssetID?
  /// None means all.
  var types: [PostingType] = []
  /// Recorded at this instant or later.
  var from = Instant(rawValue: 0)
  /// Recorded before this instant.
  var before = Instant.never
}

/// An entry with the receipt that caused it; empty texts if none did.
struct ListedEntry: Sendable, Hashable {
  var row: EntryRow
  var storeID: String
  var receiptNumber: String
}

extension Row {
  /// A column that is a sum as text: it may be larger than what 64 bits take.
  fileprivate func sum(_ column: String) throws -> Int128 {
    guard let sum = Int128(try self[column, as: String.self]) else { throw BrokenInvariant("a sum is no whole number") }
    return sum
  }
}
