import Postgres

extension AuditCheck {
  /// The lots in the accounts' rows, by themselves.
  static let lots = AuditCheck(
    rules: [
      AuditRule(
        "lots.order",
        "lots are sorted by key, bonus first, then by their last day; one a key, each more than 0"
      ),
      AuditRule(
        "lots.sum",
        "what a member can spend is the sum of the lots, less a debt that only one without lots has"
      ),
      AuditRule("holds.sum", "what is held is the sum of the holds, whose lots are in order"),
      AuditRule("pending.sum", "what is pending is the sum of the pending lots, each more than 0"),
    ],
    query: """
      SELECT rule, lane, 0::bigint, format('member %s, asset %s: %s', member_id, asset, finding)
      FROM ledger_account AS account
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(lots[place + 1]), 0) AS total, cardinality(lots) % 2 = 0
          AND coalesce(bool_and(lots[place + 1] > 0 AND (place = 1 OR lots[place - 2] < lots[place])), true) AS in_order
        FROM generate_series(1, cardinality(lots), 2) AS place
      ) AS lot
      CROSS JOIN LATERAL (
        WITH RECURSIVE hold (place) AS (
          SELECT 1 WHERE cardinality(holds) > 0
          UNION ALL
          SELECT place + 4 + 2 * holds[place + 3]::integer FROM hold
          WHERE place <= cardinality(holds) AND holds[place + 3] BETWEEN 1 AND 1000000
        )
        SELECT coalesce(sum(slice.amount), 0) AS total, coalesce(bool_and(slice.in_order), true)
          AND coalesce(max(hold.place), 1) = coalesce(cardinality(holds), 0) + 1 AS in_order
        FROM hold LEFT JOIN LATERAL (
          SELECT sum(holds[at + 1]) AS amount, bool_and(holds[at + 1] > 0 AND (at = place + 4 OR holds[at - 2] < holds[at]))
            AS in_order
          FROM generate_series(place + 4, place + 2 + 2 * holds[place + 3]::integer, 2) AS at
        ) AS slice ON true
      ) AS held_lot
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(pending_lots[place + 2]), 0) AS total, coalesce(cardinality(pending_lots), 0) % 5 = 0
          AND coalesce(bool_and(pending_lots[place + 2] > 0), true) AS in_order
        FROM generate_series(1, cardinality(pending_lots), 5) AS place
      ) AS pending_lot
      CROSS JOIN LATERAL (VALUES
        ('lots.order', lot.in_order, format('its lots are %s', lots)),
        ('lots.sum', lot.total = available OR lot.total > available AND cardinality(lots) = 0,
          format('%s can be spent, the lots add up to %s', available, lot.total)),
        ('holds.sum', held_lot.total = held AND held_lot.in_order,
          format('%s are held, the holds add up to %s: %s', held, held_lot.total, holds)),
        ('pending.sum', pending_lot.total = pending AND pending_lot.in_order,
          format('%s are pending, the pending lots add up to %s: %s', pending, pending_lot.total, pending_lots))
      ) AS decided (rule, holds_true, finding)
      WHERE NOT holds_true
      """
  )

  /// The lots in the accounts' rows, beside the slices that their entries moved.
  static let lotsOfEntries = AuditCheck(
    rules: [
      AuditRule("lots.entries", "every lot is what the entries put into it, less what they took out of it")
    ],
    query: """
      WITH lot AS (
        SELECT lane, member_id, asset, lots[place] AS day, lots[place + 1] AS amount
        FROM ledger_account CROSS JOIN generate_series(1, cardinality(lots), 2) AS place
      ), moved AS (
        SELECT lane, member_id, asset, lots[place] AS day,
          sum(CASE WHEN to_account = 1 THEN lots[place + 1] ELSE -lots[place + 1] END) AS amount
        FROM movement CROSS JOIN generate_series(1, cardinality(lots), 2) AS place
        WHERE (to_account = 1) <> (from_account = 1)
        GROUP BY lane, member_id, asset, lots[place]
      )
      SELECT 'lots.entries', lane, 0::bigint, format('member %s, asset %s, lot %s: it has %s, its entries add up to %s',
        member_id, asset, day, coalesce(lot.amount, 0), coalesce(moved.amount, 0))
      FROM lot FULL JOIN moved USING (lane, member_id, asset, day)
      WHERE coalesce(lot.amount, 0) <> coalesce(moved.amount, 0)
      """
  )
}
