import Basics
import Postgres

/// The seals in PostgreSQL. What a seal's hash covers is defined in migrations/0004_seal.sql and 0018_sealed_history.sql.
struct SealStore: Sendable {
  let database: Database

  /// The sequence before the first entry of a lane.
  private static let beginning = Int64.min

  /// Appends a seal to each lane that has entries after its last one: over the first entries of all those lanes, at most so
  /// many in all.
  ///
  /// All lanes at once, because their entries lie side by side: lane by lane, each page would be read 64 times.
  ///
  /// Whoever writes to a lane holds its row until the commit, so every entry up to the `last_sequence` that a snapshot
  /// sees is in that snapshot too: none can appear before the seal later. `posting >= 0`, which is always true, is the
  /// condition of the index by sequence.
  ///
  /// The entries are sorted once, before they are put together by lane: an aggregate takes the rows of a group in the order in
  /// which they come. Sorted within each aggregate, they would be sorted twice.
  ///
  /// - Returns: How many entries were sealed; fewer if another instance of the service was first.
  func seal(entries: Int, at now: Instant) async throws -> Int {
    let statement: SQL = """
      WITH latest AS MATERIALIZED (
        SELECT lane.lane, lane.last_sequence AS visible, coalesce(seal.last_sequence, \(Self.beginning)) AS sealed,
          coalesce(seal.hash, ''::bytea) AS hash
        FROM lane LEFT JOIN LATERAL (
          SELECT last_sequence, hash FROM ledger_seal WHERE ledger_seal.lane = lane.lane
          ORDER BY last_sequence DESC LIMIT 1
        ) AS seal ON true
      ), bounds AS MATERIALIZED (
        SELECT array_agg(sealed ORDER BY lane) AS sealed, array_agg(visible ORDER BY lane) AS visible,
          min(sealed) FILTER (WHERE visible > greatest(sealed, 0)) AS beginning
        FROM latest
      ), part AS (
        SELECT lane, max(sequence) AS last_sequence, count(*)::integer AS entry_count,
          string_agg(encoded, ''::bytea) AS entries
        FROM (
          SELECT lane, sequence, encoded
          FROM (
            SELECT lane, sequence, member_id, request_id, posting, \(Self.encodedEntry) AS encoded
            FROM ledger_entry AS entry
            WHERE sequence > (SELECT beginning FROM bounds) AND posting >= 0
              AND sequence > (SELECT sealed FROM bounds)[lane + 1] AND sequence <= (SELECT visible FROM bounds)[lane + 1]
            ORDER BY sequence LIMIT \(Int64(entries))
          ) AS next
          ORDER BY lane, sequence, member_id, request_id, posting
        ) AS sorted
        GROUP BY lane
      )
      INSERT INTO ledger_seal (lane, previous_sequence, last_sequence, entry_count, sealed_at, covers, hash)
      SELECT lane, latest.sealed, part.last_sequence, part.entry_count, \(now.rawValue), 2,
        sha256(record_send(ROW(lane, latest.sealed, part.last_sequence, part.entry_count, \(now.rawValue), latest.hash,
          2::smallint)) || part.entries)
      FROM part JOIN latest USING (lane)
      ON CONFLICT DO NOTHING RETURNING entry_count
      """
    return try await database.pipeline([SequencePlanning.statement, statement])[1].reduce(0) { count, row in
      count + Int(try row.decode(column: 0, as: Int32.self))
    }
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

  /// Every column of an entry, written so that no two entries are written alike. The columns are named one by one: a
  /// column that the table gets later must not change what was sealed.
  private static let encodedEntry: SQL = """
    record_send(ROW(entry.lane, entry.member_id, entry.request_id, entry.posting, entry.entry_type, entry.asset, \
    entry.from_account, entry.to_account, entry.amount, entry.available, entry.sequence, entry.reference, entry.lots, \
    entry.digest, entry.answer, entry.follows))
    """
}
