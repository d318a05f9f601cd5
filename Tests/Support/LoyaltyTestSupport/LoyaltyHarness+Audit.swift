import Postgres

extension LoyaltyHarness {
  /// Returns the rows that violate a rule of the books, always none. Reads the tables, not the service.
  public func bookProblems() async throws -> [String] {
    var problems: [String] = []
    for (problem, query) in Self.checks {
      let count: Int64 = try await database.query("SELECT count(*) FROM (\(query)) AS found")[0].decode(column: 0)
      if count > 0 { problems.append("\(problem): \(count)") }
    }
    return problems
  }

  /// Queries for rows that must not exist.
  private static let checks: [(problem: String, query: SQL)] = [
    ("balances that are not the sum of their entries", "SELECT * FROM account_mismatch"),
    (
      "requests whose entries are not numbered without gaps",
      """
      SELECT member_id, request_id FROM ledger_entry GROUP BY member_id, request_id HAVING count(*) <> max(posting) + 1
      """
    ),
    (
      "entries that have the same place in their lane, or one that the lane has not given out",
      """
      SELECT lane, sequence FROM ledger_entry JOIN lane USING (lane) GROUP BY lane, sequence, last_sequence
      HAVING count(*) > 1 OR sequence > last_sequence
      """
    ),
    (
      "entries whose balance is not the one before and their points",
      """
      SELECT * FROM (
        SELECT available, sum(CASE WHEN to_account = from_account THEN 0 WHEN to_account = 1 THEN amount
          WHEN from_account = 1 THEN -amount ELSE 0 END) OVER (PARTITION BY member_id, asset ORDER BY sequence) AS moved
        FROM ledger_entry
      ) AS running WHERE available <> moved
      """
    ),
    (
      "accounts whose lots are not what can be spent",
      """
      SELECT * FROM ledger_account WHERE available <> (
        SELECT coalesce(sum(lots[2 * place]), 0) FROM generate_series(1, cardinality(lots) / 2) AS place)
        AND NOT (available < 0 AND cardinality(lots) = 0)
      """
    ),
    (
      "orders whose entries do not say what the order says",
      """
      SELECT orders.order_id FROM orders LEFT JOIN ledger_entry AS entry ON entry.reference = orders.order_id
      GROUP BY orders.order_id
      HAVING coalesce(sum(amount) FILTER (WHERE entry_type IN (1, 6)), 0) <> orders.points_earned
        OR coalesce(sum(amount) FILTER (WHERE entry_type = 2), 0) <> orders.points_redeemed
      """
    ),
    (
      "reversals and returns whose entries do not say what they say",
      """
      SELECT back.request_id FROM (
        SELECT request_id, points_taken, points_returned FROM reversal
        UNION ALL SELECT entry_request_id, points_taken, points_returned FROM order_return
      ) AS back LEFT JOIN ledger_entry AS entry USING (request_id)
      GROUP BY back.request_id, points_taken, points_returned
      HAVING coalesce(sum(amount) FILTER (WHERE entry_type = 3), 0) <> points_taken
        OR coalesce(sum(amount) FILTER (WHERE entry_type = 4), 0) <> points_returned
      """
    ),
    (
      "orders of which more was taken back than they earned, or given back than they redeemed",
      """
      SELECT orders.order_id FROM orders JOIN (
        SELECT order_id, points_taken + points_short AS claimed, points_returned FROM reversal
        UNION ALL SELECT order_id, points_taken + points_short, points_returned FROM order_return
      ) AS back USING (order_id)
      GROUP BY orders.order_id HAVING sum(claimed) > points_earned OR sum(points_returned) > points_redeemed
      """
    ),
    (
      "orders whose returns and reversal did not pay back what was paid, in proportion",
      """
      SELECT order_id FROM orders LEFT JOIN reversal USING (order_id) LEFT JOIN (
        SELECT order_id, sum(returned_minor_units) AS goods, sum(refunded_minor_units) AS refunded,
          min(left_minor_units) AS remaining
        FROM order_return GROUP BY order_id
      ) AS back USING (order_id)
      WHERE refunded <> CASE WHEN gross_minor_units = 0 THEN 0
          ELSE div(payable_minor_units::numeric * goods, gross_minor_units) END
        OR remaining <> gross_minor_units - goods
        OR refunded_minor_units <> payable_minor_units - coalesce(refunded, 0)
      """
    ),
    (
      "programme accounts that are not the other side of the members'",
      """
      SELECT 1 WHERE (SELECT coalesce(sum(balance), 0) FROM programme_account)
        + (SELECT coalesce(sum(available + held + pending), 0) FROM ledger_account) <> 0
      """
    ),
    (
      "orders and reversals without their event, or events without them",
      """
      SELECT 1 WHERE (SELECT count(*) FROM orders) + (SELECT count(*) FROM reversal) + (SELECT count(*) FROM order_return)
        <> (SELECT count(DISTINCT event_id) FROM event
          WHERE type IN ('order_posted', 'order_reversed', 'order_returned'))
      """
    ),
  ]
}
