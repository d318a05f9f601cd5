import Postgres

extension AuditCheck {
  /// The orders, reversals, returns and corrections, beside their entries, unless these are gone with their month.
  static let orders = AuditCheck(
    rules: [
      AuditRule(
        "order.entries",
        "what an order earned and redeemed, its digest and its balance are those of its entries"
      ),
      AuditRule("order.receipt", "a receipt's number is there once for its store"),
      AuditRule(
        "reversal.entries",
        "what a reversal took and gave back, its digest and its balance are those of its entries"
      ),
      AuditRule(
        "return.entries",
        "what a return of some goods took and gave back, its digest and its balance are those of its entries"
      ),
      AuditRule(
        "reversal.order",
        "a reversal and the returns before it took and missed together what their order earned; there is one an order"
      ),
      AuditRule(
        "return.order",
        "returns took and missed no more than their order earned, and gave back no more than it redeemed"
      ),
      AuditRule(
        "return.money",
        "what returns paid back is their goods' share of what was paid for their order, and a reversal paid back the rest"
      ),
      AuditRule("return.waiting", "a return that waited for its sale was applied to that sale, of the same member"),
      AuditRule("adjustment.entries", "a correction by hand is what its entry moved"),
      AuditRule("entry.order", "an entry that was made for an order names one that is there, of the same member"),
      AuditRule("reservation.order", "a reservation that was used names an order that is there"),
    ],
    query: """
      WITH request AS (
        SELECT 'order.entries' AS rule, 'order' AS kind, order_id AS request_id, lane, member_id, request_digest,
          points_earned AS came, points_redeemed AS went, balance_points
        FROM orders
        UNION ALL
        SELECT 'reversal.entries', 'reversal', reversal.request_id, orders.lane, orders.member_id, reversal.request_digest,
          points_returned, points_taken, reversal.balance_points
        FROM reversal JOIN orders USING (order_id)
        UNION ALL
        SELECT 'return.entries', 'return', entry_request_id, orders.lane, orders.member_id, back.request_digest,
          points_returned, points_taken, back.balance_points
        FROM order_return AS back JOIN orders USING (order_id)
      ), back AS (
        SELECT order_id, sum(points_taken::numeric + points_short) AS claimed, sum(points_returned) AS returned,
          sum(returned_minor_units) AS goods, sum(refunded_minor_units) AS refunded, min(left_minor_units) AS remaining
        FROM order_return GROUP BY order_id
      ), entries AS (
        SELECT lane, member_id, request_id, min(sequence) AS sequence,
          coalesce(sum(amount) FILTER (WHERE entry_type IN (1, 4, 6)), 0) AS entry_came,
          coalesce(sum(amount) FILTER (WHERE entry_type IN (2, 3, 10)), 0) AS entry_went,
          string_agg(digest, ''::bytea) AS digest, (max(ARRAY[posting::bigint, available]))[2] AS available
        FROM kept_entry WHERE asset = 1 GROUP BY lane, member_id, request_id
      )
      SELECT rule, lane, coalesce(sequence, 0), format('%s %s: ', kind, request_id) || CASE
        WHEN sequence IS NULL THEN 'there are no entries'
        WHEN digest IS DISTINCT FROM request_digest THEN 'its digest is not that of its entries'
        WHEN available <> balance_points THEN
          format('it says that the balance was %s, its last entry says %s', balance_points, available)
        ELSE format('it says %s to the member and %s from the member, its entries say %s and %s', came, went, entry_came,
          entry_went) END
      FROM request LEFT JOIN entries USING (lane, member_id, request_id)
      WHERE (digest IS DISTINCT FROM request_digest OR came <> entry_came OR went <> entry_went
          OR available IS DISTINCT FROM balance_points)
        AND NOT (sequence IS NULL AND EXISTS (
          SELECT 1 FROM gone_month WHERE request_id >= first_request_id AND request_id < next_request_id))
      UNION ALL
      SELECT 'order.receipt', NULL, 0, format('receipt %s of store %s is there %s times', receipt_number, store_id, count(*))
      FROM orders GROUP BY store_id, receipt_number HAVING count(*) > 1
      UNION ALL
      SELECT 'reversal.order', orders.lane, 0, format('reversal %s of order %s: %s taken and %s short of %s earned',
        reversal.request_id, reversal.order_id, points_taken, points_short, coalesce(points_earned::text, 'no order''s'))
      FROM reversal LEFT JOIN orders USING (order_id) LEFT JOIN back USING (order_id)
      WHERE points_earned IS DISTINCT FROM points_taken::numeric + points_short + coalesce(claimed, 0)
        OR points_returned::numeric + coalesce(returned, 0) IS DISTINCT FROM points_redeemed
      UNION ALL
      SELECT 'return.order', orders.lane, 0, format('order %s: %s claimed of %s earned, %s given back of %s redeemed',
        order_id, claimed, points_earned, returned, points_redeemed)
      FROM back LEFT JOIN orders USING (order_id)
      WHERE orders.order_id IS NULL OR claimed > points_earned OR returned > points_redeemed
      UNION ALL
      SELECT 'return.money', orders.lane, 0, format('order %s: returns paid back %s and its reversal %s of %s, for %s of %s',
        order_id, coalesce(refunded, 0), coalesce(refunded_minor_units::text, 'nothing'), payable_minor_units,
        coalesce(goods, 0), gross_minor_units)
      FROM orders LEFT JOIN back USING (order_id) LEFT JOIN reversal USING (order_id)
      WHERE refunded <> CASE WHEN gross_minor_units = 0 THEN 0
          ELSE div(payable_minor_units::numeric * goods, gross_minor_units) END
        OR remaining <> gross_minor_units - goods
        OR refunded_minor_units <> payable_minor_units - coalesce(refunded, 0)
      UNION ALL
      SELECT 'return.waiting', waiting.lane, 0, format('return %s: its sale is receipt %s of store %s, it was applied to order %s',
        return_id, waiting.receipt_number, sale_store_id, orders.order_id)
      FROM waiting_return AS waiting JOIN order_return USING (return_id) JOIN orders ON orders.order_id = order_return.order_id
      WHERE (waiting.sale_store_id, waiting.receipt_number, waiting.member_id, waiting.entry_request_id)
        <> (orders.store_id, orders.receipt_number, orders.member_id, order_return.entry_request_id)
      UNION ALL
      SELECT 'adjustment.entries', lane, 0, format('request %s: the correction says %s, its entries %s', request_id,
        coalesce(adjustment.amount::text, 'nothing'), coalesce(adjusted.amount::text, 'nothing'))
      FROM adjustment FULL JOIN (
        SELECT lane, member_id, request_id, sum(CASE WHEN to_account = 1 THEN amount ELSE -amount END) AS amount
        FROM kept_entry WHERE entry_type = 12 GROUP BY lane, member_id, request_id
      ) AS adjusted USING (lane, member_id, request_id)
      WHERE adjustment.amount IS DISTINCT FROM adjusted.amount
        AND NOT (adjusted.amount IS NULL AND EXISTS (
          SELECT 1 FROM gone_month WHERE request_id >= first_request_id AND request_id < next_request_id))
      UNION ALL
      SELECT 'reversal.order', NULL, 0, format('order %s has %s reversals', order_id, count(*))
      FROM reversal GROUP BY order_id HAVING count(*) > 1
      UNION ALL
      SELECT 'entry.order', entry.lane, sequence, format('sequence %s, member %s, request %s: there is no order %s',
        sequence, entry.member_id, entry.request_id, reference)
      FROM kept_entry AS entry
        LEFT JOIN orders ON orders.order_id = entry.reference AND orders.member_id = entry.member_id
      WHERE reference IS NOT NULL AND (entry_type IN (1, 2, 4) OR entry_type = 3 AND from_account = 1)
        AND orders.order_id IS NULL
      UNION ALL
      SELECT 'reservation.order', NULL, 0, format('reservation %s: there is no order %s', reservation_id, fate.order_id)
      FROM reservation_outcome AS fate LEFT JOIN orders USING (order_id)
      WHERE outcome = 1 AND orders.order_id IS NULL
      """
  )

  /// The orders, reversals and returns, beside their events.
  static let events = AuditCheck(
    rules: [
      AuditRule("event.once", "every order, reversal and return has its one event, unless old events were removed"),
      AuditRule("event.order", "an event of an order, a reversal or a return is about one that is there"),
    ],
    query: """
      WITH announced AS (
        SELECT type, \(AuditSource.orderOfEvent) AS order_id, count(*) AS event_count, min(event_id::text) AS event_id
        FROM event WHERE type IN ('order_posted', 'order_reversed', 'order_returned') GROUP BY 1, 2
      ), happened AS (
        SELECT 'order_posted' AS type, order_id::text AS order_id, lane, 1 AS expected FROM orders
        UNION ALL
        SELECT 'order_reversed', reversal.order_id::text, lane, 1 FROM reversal JOIN orders USING (order_id)
        UNION ALL
        SELECT 'order_returned', order_return.order_id::text, lane, count(*) FROM order_return JOIN orders USING (order_id)
        GROUP BY order_return.order_id, lane
      )
      SELECT CASE WHEN happened.lane IS NULL THEN 'event.order' ELSE 'event.once' END, lane, 0::bigint, CASE
        WHEN happened.lane IS NULL THEN format('event %s, %s: there is no such order %s', event_id, type, order_id)
        ELSE format('order %s, %s: %s events', order_id, type, coalesce(event_count, 0)) END
      FROM happened FULL JOIN announced USING (type, order_id)
      WHERE happened.lane IS NULL OR event_count > expected
        OR coalesce(event_count, 0) < expected AND NOT EXISTS (SELECT 1 FROM event_horizon)
      """
  )
}
