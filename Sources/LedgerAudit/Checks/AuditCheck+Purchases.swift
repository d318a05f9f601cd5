import Postgres

extension AuditCheck {
  /// Times have microseconds in the tables and nanoseconds in the events, so one may be rounded.
  private static let rounded: SQL = "interval '1 microsecond'"
  private static let roundedUp: SQL = "interval '-1 microsecond'"

  /// What members says was bought and came back, beside the ledger's orders, reversals and returns, as they were at the event
  /// up to which members has followed the ledger. What later events say may be there already, where they were followed before.
  static let purchases = AuditCheck(
    rules: [
      AuditRule(
        "purchase.order",
        "every order is a purchase of its member, with the same receipt, sums and points, and nothing else is one"
      ),
      AuditRule(
        "purchase.returned",
        "what came back of a purchase is what the ledger's returns and reversals say, and what was paid follows it"
      ),
      AuditRule(
        "purchase.lines",
        "the lines of a purchase cost together what its order cost, and what came back of them is what came back of it"
      ),
      AuditRule(
        "purchase.totals",
        "a member's totals are what the purchases add up to: paid, refunded, how many, how many came back, and the last"
      ),
      AuditRule("purchase.events", "no event of the ledger is set aside because members could not apply it"),
    ],
    query: """
      WITH \(AuditSource.followed), goods AS (
        SELECT order_return.order_id, sum(returned_minor_units) AS highest,
          coalesce(sum(returned_minor_units) FILTER (WHERE under_way.order_id IS NULL), 0) AS lowest
        FROM order_return LEFT JOIN under_way ON under_way.type = 'order_returned'
          AND under_way.order_id = order_return.order_id::text
          AND position(convert_to(return_id::text, 'UTF8') IN payload) > 0
        GROUP BY order_return.order_id
      ), sold AS (
        SELECT orders.*, reversal.reversed_at, coalesce(lowest, 0) AS lowest, coalesce(highest, 0) AS highest,
          EXISTS (SELECT FROM under_way WHERE type = 'order_posted' AND order_id = orders.order_id::text) AS is_posting,
          EXISTS (SELECT FROM under_way WHERE type = 'order_reversed' AND order_id = orders.order_id::text) AS is_reversing
        FROM orders LEFT JOIN reversal USING (order_id) LEFT JOIN goods USING (order_id)
      ), line AS (
        SELECT member_id, order_id, count(*) AS line_count, sum(amount_minor_units) AS amount,
          sum(returned_minor_units) AS returned
        FROM members.purchase_line GROUP BY member_id, order_id
      ), counted AS (
        SELECT member_id, currency_code, count(*) FILTER (WHERE NOT is_returned) AS kept,
          count(*) FILTER (WHERE is_returned) AS returned, sum(paid_minor_units) AS paid,
          sum(refunded_minor_units) AS refunded, max(purchased_at) FILTER (WHERE NOT is_returned) AS last_at
        FROM members.purchase GROUP BY member_id, currency_code
      )
      SELECT 'purchase.order', sold.lane, 0::bigint, CASE
        WHEN sold.order_id IS NULL THEN format('member %s: there is no order %s', purchase.member_id, order_id)
        WHEN purchase.order_id IS NULL THEN format('order %s of member %s is no purchase', order_id, sold.member_id)
        ELSE format('order %s of member %s: member %s paid %s of %s, the order says %s of %s', order_id, sold.member_id,
          purchase.member_id, purchase.paid_minor_units, purchase.gross_minor_units, payable_minor_units,
          sold.gross_minor_units) END
      FROM sold FULL JOIN members.purchase USING (order_id)
      WHERE sold.order_id IS NULL OR purchase.order_id IS NULL AND NOT is_posting
        OR (purchase.member_id, purchase.store_id, purchase.receipt_number, purchase.gross_minor_units,
            purchase.paid_minor_units, purchase.points_earned, purchase.points_redeemed)
          <> (sold.member_id, sold.store_id, sold.receipt_number, sold.gross_minor_units, payable_minor_units,
            sold.points_earned, sold.points_redeemed)
        OR purchased_at - occurred_at NOT BETWEEN \(Self.roundedUp) AND \(Self.rounded)
      UNION ALL
      SELECT 'purchase.returned', lane, 0, format('order %s of member %s: %s came back, taken back %s, refunded %s; the ledger says %s, %s',
        order_id, member_id, purchase.returned_minor_units, coalesce(purchase.reversed_at::text, 'never'),
        purchase.refunded_minor_units, highest, coalesce(sold.reversed_at::text, 'never'))
      FROM members.purchase JOIN sold USING (order_id, member_id)
      WHERE purchase.returned_minor_units NOT BETWEEN lowest AND highest
        OR purchase.reversed_at IS NULL AND sold.reversed_at IS NOT NULL AND NOT is_reversing
        OR purchase.reversed_at IS NOT NULL AND sold.reversed_at IS NULL
        OR purchase.reversed_at - sold.reversed_at NOT BETWEEN \(Self.roundedUp) AND \(Self.rounded)
        OR purchase.refunded_minor_units <> CASE
          WHEN purchase.reversed_at IS NOT NULL OR is_returned THEN paid_minor_units
          WHEN purchase.returned_minor_units = 0 THEN 0
          ELSE div(paid_minor_units::numeric * purchase.returned_minor_units, sold.gross_minor_units) END
        OR is_returned <> (purchase.reversed_at IS NOT NULL
          OR last_returned_at IS NOT NULL AND purchase.returned_minor_units = sold.gross_minor_units)
      UNION ALL
      SELECT 'purchase.lines', NULL, 0, format('order %s of member %s: %s lines of %s, of which %s came back; the purchase says %s, %s, %s',
        order_id, member_id, line.line_count, amount, returned, purchase.line_count, gross_minor_units, returned_minor_units)
      FROM members.purchase LEFT JOIN line USING (member_id, order_id)
      WHERE (line.line_count, amount, returned)
        IS DISTINCT FROM (purchase.line_count::bigint, gross_minor_units::numeric, returned_minor_units::numeric)
      UNION ALL
      SELECT 'purchase.totals', NULL, 0, format('member %s: %s paid, %s refunded, %s purchases, %s of them returned; they add up to %s, %s, %s, %s',
        member_id, paid_minor_units, refunded_minor_units, purchase_count, returned_purchase_count, paid, refunded, kept,
        counted.returned)
      FROM counted FULL JOIN members.purchase_totals AS totals USING (member_id, currency_code)
      WHERE (coalesce(kept, 0), coalesce(counted.returned, 0), coalesce(paid, 0), coalesce(refunded, 0), last_at)
        IS DISTINCT FROM (purchase_count, returned_purchase_count, paid_minor_units, refunded_minor_units, last_purchase_at)
      UNION ALL
      SELECT 'purchase.events', NULL, number, format('event %s of member %s, since %s: %s', event_id, key, since,
        coalesce('skipped: ' || skipped_reason, reason, 'waits behind an earlier one of the member'))
      FROM members.event_set_aside WHERE source = 'loyalty'
      """
  )
}
