import Basics
import Postgres

/// The months that were taken out of the ledger, in PostgreSQL.
struct ArchiveStore: Sendable {
  let database: Database

  /// Takes a month out of the ledger, unless entries of it are not sealed yet.
  ///
  /// First it is closed: batches refuse its requests from then on. Then, while nobody can write to its partition, what its
  /// entries add up to is carried, and the partition becomes an archive, in one transaction. A batch that was read before
  /// that and is written after it has a request that was never done, and writes it to the default partition.
  ///
  /// - Returns: Whether it is archived now, by whichever instance of the service.
  func archive(_ month: LedgerMonth, at now: Instant) async throws -> Bool {
    try await close(month, at: now)
    return try await database.alone { transaction in
      guard try await PartitionStore(database: database).months(in: transaction).contains(month) else { return true }
      try await transaction.execute("LOCK TABLE \(identifier: month.partition) IN SHARE MODE")
      guard try await transaction.query(Self.lanesNotSealed(month)).isEmpty else { return false }
      try await transaction.execute(Self.carrying(month))
      try await transaction.execute(Self.carryingSeals(month))
      try await transaction.execute(Self.passing(month))
      try await transaction.executeScript(Self.moving(month))
      return true
    }
  }

  private func close(_ month: LedgerMonth, at now: Instant) async throws {
    try await database.execute(
      """
      INSERT INTO ledger_closed_month (month, first_request_id, next_request_id, closed_at)
      VALUES (\(month.firstDay), \(month.firstRequestID), \((month + 1).firstRequestID), \(now.rawValue))
      ON CONFLICT DO NOTHING
      """
    )
  }

  // MARK: Statements

  private static func lanesNotSealed(_ month: LedgerMonth) -> SQL {
    """
    SELECT lane.lane FROM lane CROSS JOIN LATERAL (
      SELECT max(sequence) AS sequence FROM \(identifier: month.partition) AS entry
      WHERE entry.lane = lane.lane AND posting >= 0
    ) AS latest
    WHERE latest.sequence > coalesce((
      SELECT max(last_sequence) FROM ledger_seal AS seal WHERE seal.lane = lane.lane
    ), \(Int64.min))
    """
  }

  /// The most of one part of what is carried: half of what a number takes.
  private static let partMaximum: Int64 = 4_000_000_000_000_000_000

  /// What the entries add up to; see `ledger_carried`. Sums that are larger than what one number takes are split into parts.
  private static func carrying(_ month: LedgerMonth) -> SQL {
    """
    WITH entry AS (
      SELECT lane, member_id, asset, entry_type, from_account, to_account,
        CASE WHEN 4 IN (from_account, to_account) OR 5 IN (from_account, to_account) THEN reference END AS reference,
        amount, lots, sequence
      FROM \(identifier: month.partition)
    ), part AS (
      SELECT lane, member_id, asset, entry_type, from_account, to_account, reference, NULL::bigint AS day,
        sum(amount) AS amount, count(*) AS entry_count, max(sequence) AS last_sequence
      FROM entry GROUP BY lane, member_id, asset, entry_type, from_account, to_account, reference
      UNION ALL
      SELECT lane, member_id, asset, entry_type, from_account, to_account, reference, lots[place],
        sum(lots[place + 1]), NULL, NULL
      FROM entry CROSS JOIN generate_series(1, cardinality(lots), 2) AS place
      GROUP BY lane, member_id, asset, entry_type, from_account, to_account, reference, lots[place]
    ), piece AS (
      SELECT lane, member_id, asset, entry_type, from_account, to_account, reference, day, number,
        least(amount - number * \(Self.partMaximum)::numeric, \(Self.partMaximum))::bigint AS amount,
        CASE WHEN number = 0 THEN entry_count END AS entry_count,
        max(last_sequence) OVER (PARTITION BY lane, member_id, asset, entry_type, from_account, to_account, reference)
          AS last_sequence
      FROM part CROSS JOIN LATERAL generate_series(0, trunc(greatest(amount - 1, 0) / \(Self.partMaximum))::integer) AS number
    )
    INSERT INTO ledger_carried (month, lane, member_id, asset, entry_type, from_account, to_account, reference, part, amount,
      lots, entry_count, last_sequence)
    SELECT \(month.firstDay), lane, member_id, asset, entry_type, from_account, to_account, reference, number,
      max(amount) FILTER (WHERE day IS NULL),
      ARRAY(SELECT unnest(coalesce(array_agg(ARRAY[day, amount] ORDER BY day) FILTER (WHERE day IS NOT NULL), '{}'))),
      coalesce(max(entry_count), 0), max(last_sequence)
    FROM piece GROUP BY lane, member_id, asset, entry_type, from_account, to_account, reference, number
    """
  }

  /// How many entries of which seals there are; see `ledger_carried_seal`.
  private static func carryingSeals(_ month: LedgerMonth) -> SQL {
    """
    INSERT INTO ledger_carried_seal (lane, last_sequence, month, entry_count)
    SELECT entry.lane, seal.last_sequence, \(month.firstDay), count(*)
    FROM \(identifier: month.partition) AS entry CROSS JOIN LATERAL (
      SELECT last_sequence FROM ledger_seal
      WHERE ledger_seal.lane = entry.lane AND ledger_seal.last_sequence >= entry.sequence
      ORDER BY last_sequence LIMIT 1
    ) AS seal
    GROUP BY entry.lane, seal.last_sequence
    """
  }

  /// Where the histories go on that come to this month and leave it for a request that stays; see `ledger_passage`. Few
  /// members have such a one.
  private static func passing(_ month: LedgerMonth) -> SQL {
    """
    WITH request AS (
      SELECT DISTINCT ON (lane, member_id, asset, request_id) lane, member_id, asset, request_id, sequence, follows
      FROM \(identifier: month.partition)
      WHERE (lane, member_id, asset) IN (
        SELECT lane, member_id, asset FROM \(identifier: month.partition) AS late
        WHERE follows IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM ledger_closed_month
          WHERE late.follows >= first_request_id AND late.follows < next_request_id))
      ORDER BY lane, member_id, asset, request_id, sequence
    ), stepped AS (
      SELECT *, follows IS DISTINCT FROM lag(request_id) OVER account AS is_first FROM request
      WINDOW account AS (PARTITION BY lane, member_id, asset ORDER BY sequence)
    ), counted AS (
      SELECT *, count(*) FILTER (WHERE is_first) OVER account AS run FROM stepped
      WINDOW account AS (PARTITION BY lane, member_id, asset ORDER BY sequence)
    )
    INSERT INTO ledger_passage (lane, member_id, asset, request_id, follows)
    SELECT lane, member_id, asset, last_request, first_follows FROM (
      SELECT lane, member_id, asset, (array_agg(request_id ORDER BY sequence DESC))[1] AS last_request,
        (array_agg(follows ORDER BY sequence))[1] AS first_follows
      FROM counted GROUP BY lane, member_id, asset, run
    ) AS passage
    WHERE first_follows IS NOT NULL
    """
  }

  private static func moving(_ month: LedgerMonth) -> String {
    """
    ALTER TABLE ledger_entry DETACH PARTITION \(month.partition);
    ALTER TABLE \(month.partition) RENAME TO \(month.archive);
    ALTER TABLE ledger_archive ATTACH PARTITION \(month.archive) FOR VALUES \(month.bounds);
    """
  }
}
