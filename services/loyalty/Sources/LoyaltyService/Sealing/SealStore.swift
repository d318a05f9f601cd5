import Postgres

/// The seals in PostgreSQL. What a seal's hash is made of is said in migrations/0004_seal.sql.
struct SealStore: Sendable {
  let database: Database

  /// The sequence before the first entry of a lane.
  private static let beginning = Int64.min

  /// The lanes that have entries after their last seal.
  func lanesToSeal() async throws -> [Int16] {
    let rows = try await database.query(
      """
      SELECT lane.lane FROM lane WHERE lane.last_sequence > coalesce((
        SELECT max(seal.last_sequence) FROM ledger_seal AS seal WHERE seal.lane = lane.lane
      ), 0) ORDER BY lane.lane
      """
    )
    return try rows.map { try $0.decode(column: 0) }
  }

  /// Appends one seal over the entries of a lane after its last seal: at most so many, but never one of two entries that
  /// have the same sequence.
  ///
  /// Whoever writes to a lane holds its row until the commit, so every entry up to the `last_sequence` that a snapshot
  /// sees is in that snapshot too: none can appear before the seal later. `posting >= 0`, which is always true, is the
  /// condition of the index by sequence.
  ///
  /// - Returns: How many entries it covers; 0 if there were none, or if another copy of the service was first.
  func seal(_ lane: Int16, entries: Int, at now: Instant) async throws -> Int {
    let statement: SQL = """
      WITH latest AS MATERIALIZED (
        SELECT lane.last_sequence AS visible, coalesce(seal.last_sequence, \(Self.beginning)) AS previous_sequence,
          coalesce(seal.hash, ''::bytea) AS hash
        FROM lane LEFT JOIN LATERAL (
          SELECT last_sequence, hash FROM ledger_seal WHERE ledger_seal.lane = \(lane) ORDER BY last_sequence DESC LIMIT 1
        ) AS seal ON true
        WHERE lane.lane = \(lane)
      ), range AS MATERIALIZED (
        SELECT latest.previous_sequence, latest.hash, (
          SELECT max(sequence) FROM (
            SELECT sequence FROM ledger_entry
            WHERE lane = \(lane) AND sequence > latest.previous_sequence AND sequence <= latest.visible AND posting >= 0
            ORDER BY sequence LIMIT \(Int64(entries))
          ) AS next
        ) AS last_sequence
        FROM latest
      ), part AS (
        SELECT \(lane) AS lane, range.previous_sequence, range.last_sequence, count(*)::integer AS entry_count,
          \(now.rawValue) AS sealed_at, range.hash AS previous_hash,
          string_agg(\(Self.encodedEntry), ''::bytea
            ORDER BY entry.sequence, entry.member_id, entry.request_id, entry.posting) AS entries
        FROM range JOIN ledger_entry AS entry ON entry.lane = \(lane) AND entry.sequence > range.previous_sequence
          AND entry.sequence <= range.last_sequence AND entry.posting >= 0
        GROUP BY range.previous_sequence, range.last_sequence, range.hash
      )
      INSERT INTO ledger_seal (lane, previous_sequence, last_sequence, entry_count, sealed_at, hash)
      SELECT lane, previous_sequence, last_sequence, entry_count, sealed_at,
        sha256(record_send(ROW(lane, previous_sequence, last_sequence, entry_count, sealed_at, previous_hash)) || entries)
      FROM part
      ON CONFLICT DO NOTHING RETURNING entry_count
      """
    let rows = try await database.pipeline([Self.planning, statement])[1]
    return Int(try rows.first?.decode(column: 0, as: Int32.self) ?? 0)
  }

  /// Makes the root of a day over the latest seals of all lanes, unless that day or a later one has one.
  func makeRoot(at time: LedgerTime) async throws {
    _ = try await database.execute(
      """
      INSERT INTO ledger_root (day, made_at, last_sequences, hash)
      SELECT \(time.today.rawValue), \(time.now.rawValue), latest.last_sequences, sha256(
        record_send(ROW(\(time.today.rawValue), \(time.now.rawValue), latest.last_sequences,
          coalesce((SELECT hash FROM ledger_root ORDER BY day DESC LIMIT 1), ''::bytea))) || latest.hashes)
      FROM (
        SELECT array_agg(seal.last_sequence ORDER BY lane.lane) AS last_sequences,
          string_agg(seal.hash, ''::bytea ORDER BY lane.lane) AS hashes
        FROM lane LEFT JOIN LATERAL (
          SELECT last_sequence, hash FROM ledger_seal WHERE ledger_seal.lane = lane.lane
          ORDER BY last_sequence DESC LIMIT 1
        ) AS seal ON true
      ) AS latest
      WHERE latest.hashes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_root WHERE day >= \(time.today.rawValue))
      ON CONFLICT DO NOTHING
      """
    )
  }

  /// Has the next statement planned for the numbers that it is given, by an index: a plan that was made while the table was
  /// empty would read a full one from end to end.
  private static let planning: SQL =
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true)"

  /// Every column of an entry, written so that no two entries are written alike. The columns are named one by one: a
  /// column that the table gets later must not change what was sealed.
  private static let encodedEntry: SQL = """
    record_send(ROW(entry.lane, entry.member_id, entry.request_id, entry.posting, entry.entry_type, entry.asset, \
    entry.from_account, entry.to_account, entry.amount, entry.available, entry.sequence, entry.reference, entry.lots, \
    entry.digest, entry.answer))
    """
}
