import Postgres

extension LoyaltyHarness {
  /// What is wrong with the books: nothing, ever. Reads the tables, not the service.
  public func bookProblems() async throws -> [String] {
    var problems: [String] = []
    for (problem, query) in Self.checks {
      let count: Int64 = try await database.query("SELECT count(*) FROM (\(query)) AS found")[0].decode(column: 0)
      if count > 0 { problems.append("\(problem): \(count)") }
    }
    return problems
  }

  /// Each finds rows that must not be there.
  private static let checks: [(problem: String, query: SQL)] = [
    ("balances that are not the sum of their entries", "SELECT * FROM account_mismatch"),
    (
      "accounts whose entries are not numbered without gaps",
      """
      SELECT lane, member_id FROM entry JOIN account USING (lane, member_id) GROUP BY lane, member_id, last_entry_number
      HAVING count(*) <> last_entry_number OR max(entry_number) <> last_entry_number
      """
    ),
    (
      "entries whose balance is not the one before and their points",
      """
      SELECT * FROM (
        SELECT balance_points, sum(CASE WHEN to_account = 1 THEN points ELSE -points END)
          OVER (PARTITION BY lane, member_id ORDER BY entry_number) AS sum_points
        FROM entry
      ) AS running WHERE balance_points <> sum_points
      """
    ),
    (
      "orders whose entries do not say what the order says",
      """
      SELECT orders.order_id FROM orders LEFT JOIN entry ON entry.order_id = orders.order_id
      GROUP BY orders.order_id
      HAVING coalesce(sum(points) FILTER (WHERE entry_type = 1), 0) <> orders.points_earned
        OR coalesce(sum(points) FILTER (WHERE entry_type = 2), 0) <> orders.points_redeemed
      """
    ),
    (
      "reversals whose entries do not say what the reversal says",
      """
      SELECT reversal.order_id FROM reversal LEFT JOIN entry ON entry.order_id = reversal.order_id
      GROUP BY reversal.request_id
      HAVING coalesce(sum(points) FILTER (WHERE entry_type = 3), 0) <> reversal.points_taken
        OR coalesce(sum(points) FILTER (WHERE entry_type = 4), 0) <> reversal.points_returned
      """
    ),
    (
      "programme accounts that are not the other side of the members'",
      """
      SELECT 1 WHERE (SELECT coalesce(sum(balance_points), 0) FROM programme_account)
        + (SELECT coalesce(sum(balance_points), 0) FROM account) <> 0
      """
    ),
    (
      "orders and reversals without their event, or events without them",
      """
      SELECT 1 WHERE (SELECT count(*) FROM orders) + (SELECT count(*) FROM reversal)
        <> (SELECT count(DISTINCT event_id) FROM event WHERE type IN ('order_posted', 'order_reversed'))
      """
    ),
  ]
}
