import Postgres

/// All members' entries in the order of their sequence, for data warehouses and other copies of the ledger.
struct LedgerLog: Sendable {
  let database: Database

  /// The first `limit` entries after a cursor that moved something; nil if entries after it were archived since.
  func entries(after cursor: LedgerCursor, limit: Int) async throws -> LedgerLogPart? {
    let statement = Self.statement(after: cursor, limit: limit + 1)
    let rows = try await database.pipeline([SequencePlanning.statement, statement])[1]
    let bounds = rows[0]
    if try bounds["is_archived", as: Bool.self] { return nil }
    let found = try rows.dropFirst().prefix(limit).map { try EntryRow($0) }
    let hasMore = rows.count - 1 > limit
    var next = cursor
    next.advance(to: hasMore ? found.last : nil, visible: try bounds["visible", as: [Int64].self])
    next.archivedMonth = try bounds["archived_month", as: Int32.self]
    return LedgerLogPart(entries: found, cursor: next, hasMore: hasMore)
  }

  /// Reads in one snapshot what can be seen of each lane, and the entries after a cursor up to there. The first row has the
  /// bounds and no entry, the others have an entry each.
  ///
  /// All lanes at once, because their entries lie side by side. Whoever writes to a lane holds its row until the commit, so
  /// every entry up to the `last_sequence` that a snapshot sees is in that snapshot too. `posting >= 0`, which is always
  /// true, is the condition of the index by sequence.
  ///
  /// Entries after the cursor were archived if a seal that ends after it has entries of a month that was not archived yet at
  /// the cursor. Seals are seconds long: who stands amid one may be refused for an entry of it that was read already, but
  /// nobody skips one.
  static func statement(after cursor: LedgerCursor, limit: Int) -> SQL {
    """
    WITH place AS MATERIALIZED (
      SELECT lane, last_sequence AS visible, (\(cursor.sequences))[lane + 1] AS read FROM lane
    ), bounds AS MATERIALIZED (
      SELECT array_agg(read ORDER BY lane) AS read, array_agg(visible ORDER BY lane) AS visible,
        min(read) FILTER (WHERE visible > read) AS beginning
      FROM place
    ), archive AS MATERIALIZED (
      SELECT coalesce(max(month - DATE '1970-01-01'), 0) AS month FROM ledger_closed_month
      WHERE to_regclass('ledger_entry_' || to_char(month, 'YYYY_MM')) IS NULL
    ), state AS MATERIALIZED (
      SELECT bounds.visible, archive.month AS archived_month,
        archive.month > \(cursor.archivedMonth) AND EXISTS (
          SELECT FROM place JOIN ledger_carried_seal AS carried
            ON carried.lane = place.lane AND carried.last_sequence > place.read
          WHERE carried.month - DATE '1970-01-01' > \(cursor.archivedMonth)
        ) AS is_archived
      FROM bounds CROSS JOIN archive
    ), entry AS (
      SELECT * FROM ledger_entry
      WHERE sequence > (SELECT beginning FROM bounds) AND posting >= 0
        AND sequence > (SELECT read FROM bounds)[lane + 1] AND sequence <= (SELECT visible FROM bounds)[lane + 1]
        AND amount > 0
      ORDER BY sequence, lane LIMIT \(limit)
    )
    SELECT \(EntryColumn.list(EntryColumn.read, of: "entry")), state.visible, state.archived_month, state.is_archived
    FROM state FULL JOIN entry ON false
    ORDER BY entry.sequence NULLS FIRST, entry.lane
    """
  }
}

/// Some entries one after the other.
struct LedgerLogPart: Sendable, Hashable {
  /// By sequence, then by lane.
  var entries: [EntryRow]
  /// Where a reader stands that has them.
  var cursor: LedgerCursor
  /// Whether there were more when they were read.
  var hasMore: Bool
}

/// How statements are planned that read the entries of all lanes by their sequence.
enum SequencePlanning {
  /// Has the next statement planned for the numbers that it is given, by the index, with room to sort in memory, and not
  /// compiled, which takes longer than it: a plan that was made while the table was empty would read a full one from end to
  /// end.
  static let statement: SQL = """
    SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true),
      set_config('enable_bitmapscan', 'off', true), set_config('work_mem', '64MB', true),
      set_config('jit', 'off', true)
    """
}
