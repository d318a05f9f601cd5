import LocalSuite
import Postgres

extension LiabilityReport {
  /// Replays the entries up to an instant.
  ///
  /// - Parameter asOf: In microseconds since 1970, by which entries are numbered; nil for all entries.
  /// - Throws: ``SuiteError`` if entries that were recorded later are gone: of those only what they add up to is known.
  init(asOf: Int64?, in transaction: Transaction) async throws {
    if let asOf, let lastGone = try await Self.lastGone(in: transaction), asOf < lastGone {
      throw SuiteError("Entries up to \(lastGone) µs since 1970 are gone: there is no report as of an earlier time.")
    }
    self.asOf = asOf
    let last = asOf ?? .max
    var lots: [Int16: [Lots]] = [:]
    for row in try await transaction.query(Self.lots(upTo: last).reading()) {
      let (asset, month, store, isBonus) = try row.decode(Int16.self, String.self, String?.self, Bool.self)
      let amount = try Self.sum(row, column: 4)
      lots[asset, default: []].append(Lots(expiryMonth: month, store: store, isBonus: isBonus, amount: amount))
    }
    assets = try await transaction.query(Self.balances(upTo: last).reading()).map { row in
      let (asset, code, currency) = try row.decode(Int16.self, String.self, String?.self)
      return Asset(
        asset: asset,
        code: code,
        currencyCode: currency,
        available: try Self.sum(row, column: 3),
        held: try Self.sum(row, column: 4),
        pending: try Self.sum(row, column: 5),
        debt: try Self.sum(row, column: 6),
        lots: lots[asset] ?? []
      )
    }
  }

  /// A sum, which comes as text: it may be larger than what 64 bits take.
  private static func sum(_ row: Row, column: Int) throws -> Int128 {
    guard let sum = Int128(try row.decode(column: column, as: String.self)) else {
      throw PostgresError(.decoding, "a sum is no whole number of 128 bits")
    }
    return sum
  }

  /// The latest sequence of the entries that are gone; nil if none are.
  private static func lastGone(in transaction: Transaction) async throws -> Int64? {
    let statement: SQL = """
      WITH \(AuditSource.expressions)
      SELECT max(last_sequence) FROM ledger_carried WHERE month IN (SELECT month FROM gone_month)
      """
    return try await transaction.query(statement.reading())[0].decode(column: 0)
  }

  /// What the entries up to a sequence moved into and out of the members' accounts, and what members then owed.
  private static func balances(upTo last: Int64) -> SQL {
    """
    WITH \(AuditSource.expressions), account AS (
      SELECT asset,
        sum(CASE WHEN to_account = 1 THEN amount ELSE 0 END - CASE WHEN from_account = 1 THEN amount ELSE 0 END) AS available,
        sum(CASE WHEN to_account = 5 THEN amount ELSE 0 END - CASE WHEN from_account = 5 THEN amount ELSE 0 END) AS held,
        sum(CASE WHEN to_account = 4 THEN amount ELSE 0 END - CASE WHEN from_account = 4 THEN amount ELSE 0 END) AS pending
      FROM movement WHERE sequence <= \(last) GROUP BY lane, member_id, asset
    ), moved AS (
      SELECT asset, sum(available) AS available, sum(held) AS held, sum(pending) AS pending,
        -sum(least(available, 0)) AS debt
      FROM account GROUP BY asset
    )
    SELECT asset.asset, code, currency_code, coalesce(available, 0)::text, coalesce(held, 0)::text,
      coalesce(pending, 0)::text, coalesce(debt, 0)::text
    FROM asset LEFT JOIN moved USING (asset) ORDER BY asset.asset
    """
  }

  /// What is left of each lot, by the month in which it expires and the store that issued it.
  ///
  /// What is held or pending is in the lots of the entry that set it aside, until an entry with the same reference makes
  /// it spendable: that one names only what did not pay a debt.
  private static func lots(upTo last: Int64) -> SQL {
    """
    WITH \(AuditSource.expressions), ended AS (
      SELECT DISTINCT lane, member_id, asset, reference, from_account AS account FROM movement
      WHERE sequence <= \(last) AND from_account IN (4, 5) AND to_account = 1
    ), moved AS (
      SELECT lane, member_id, asset, lots[place] AS day,
        CASE WHEN to_account = 1 THEN lots[place + 1] ELSE -lots[place + 1] END AS amount
      FROM movement CROSS JOIN generate_series(1, cardinality(lots), 2) AS place
      WHERE sequence <= \(last) AND (to_account = 1) <> (from_account = 1)
      UNION ALL
      SELECT lane, member_id, asset, lots[place],
        CASE WHEN to_account IN (4, 5) THEN lots[place + 1] ELSE -lots[place + 1] END
      FROM movement AS entry CROSS JOIN generate_series(1, cardinality(lots), 2) AS place
      WHERE sequence <= \(last) AND (to_account IN (4, 5) OR from_account IN (4, 5) AND to_account <> 1)
        AND NOT EXISTS (
          SELECT 1 FROM ended WHERE ended.lane = entry.lane AND ended.member_id = entry.member_id
            AND ended.asset = entry.asset AND ended.reference = entry.reference
            AND ended.account = CASE WHEN entry.to_account IN (4, 5) THEN entry.to_account ELSE entry.from_account END
        )
    ), kept AS (
      SELECT lane, member_id, asset, day, sum(amount) AS amount FROM moved
      GROUP BY lane, member_id, asset, day HAVING sum(amount) <> 0
    ), issued AS (
      SELECT entry.lane, entry.member_id, asset, lots[place] AS day, lots[place + 1] AS amount, sequence, posting, store_id
      FROM kept_entry AS entry CROSS JOIN generate_series(1, cardinality(lots), 2) AS place
        JOIN orders ON orders.order_id = entry.request_id
      WHERE sequence <= \(last) AND to_account IN (1, 4) AND from_account NOT IN (1, 4, 5) AND entry_type <> 4
    ), traced AS (
      SELECT asset, day, store_id, least(issued_amount, greatest(0, kept_amount - (later - issued_amount))) AS amount
      FROM (
        SELECT asset, day, store_id, kept.amount AS kept_amount, issued.amount AS issued_amount,
          sum(issued.amount) OVER (PARTITION BY lane, member_id, asset, day ORDER BY sequence DESC, posting DESC
            ROWS UNBOUNDED PRECEDING) AS later
        FROM kept JOIN issued USING (lane, member_id, asset, day)
      ) AS issue
    ), part AS (
      SELECT asset, day, store_id, sum(amount) AS amount FROM traced WHERE amount > 0 GROUP BY asset, day, store_id
    ), whole AS (
      SELECT asset, day, NULL AS store_id, sum(amount) AS amount FROM kept GROUP BY asset, day
    ), outstanding AS (
      SELECT * FROM part
      UNION ALL
      SELECT * FROM whole
      UNION ALL
      SELECT asset, day, NULL, -sum(amount) FROM part GROUP BY asset, day
    )
    SELECT asset, month, store_id, is_bonus, sum(amount)::text
    FROM outstanding CROSS JOIN LATERAL (
      SELECT day < -2147483648 AS is_bonus, CASE WHEN day < -2147483648 THEN day + 4294967296 ELSE day END AS last_day
    ) AS lot_key CROSS JOIN LATERAL (
      SELECT CASE WHEN last_day BETWEEN -719162 AND 2932896 THEN to_char('1970-01-01'::date + last_day::integer, 'YYYY-MM')
        ELSE 'never' END AS month
    ) AS expiry
    GROUP BY asset, month, store_id, is_bonus HAVING sum(amount) <> 0
    ORDER BY asset, month, store_id, is_bonus
    """
  }
}
