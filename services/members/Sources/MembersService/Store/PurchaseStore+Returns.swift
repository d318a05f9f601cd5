import Foundation
import Postgres

// Records returns of lines, and reversals of the rest of a receipt.
extension PurchaseStore {
  /// Adds returns to their receipts and lines, skips those counted before, and updates the totals.
  func recording(returns: [PurchaseReturn]) -> SQL {
    let lines = returns.flatMap { goods in goods.lines.map { (goods: goods, line: $0) } }
    return
      """
      WITH counted AS (
        INSERT INTO purchase_return (member_id, order_id, return_id, returned_minor_units, returned_at)
        SELECT * FROM unnest(
          \(returns.map(\.memberID)), \(returns.map(\.orderID)), \(returns.map(\.returnID)), \(returns.map(\.minorUnits)),
          \(returns.map(\.returnedAt))
        )
        ON CONFLICT DO NOTHING
        RETURNING member_id, order_id, return_id, returned_minor_units, returned_at
      ), counted_line AS (
        UPDATE purchase_line AS line SET
          returned_quantity_thousandths = line.returned_quantity_thousandths + back.quantity_thousandths,
          returned_minor_units = line.returned_minor_units + back.minor_units
        FROM (
          SELECT member_id, order_id, line_number, sum(quantity_thousandths) AS quantity_thousandths,
            sum(minor_units) AS minor_units
          FROM unnest(
            \(lines.map(\.goods.memberID)), \(lines.map(\.goods.orderID)), \(lines.map(\.goods.returnID)),
            \(lines.map(\.line.line)), \(lines.map(\.line.quantityThousandths)), \(lines.map(\.line.minorUnits))
          ) AS given (member_id, order_id, return_id, line_number, quantity_thousandths, minor_units)
          JOIN counted USING (member_id, order_id, return_id)
          GROUP BY member_id, order_id, line_number
        ) AS back
        WHERE (line.member_id, line.order_id, line.line_number) = (back.member_id, back.order_id, back.line_number + 1)
      ), back AS (
        SELECT member_id, order_id, sum(returned_minor_units) AS minor_units, max(returned_at) AS last_returned_at
        FROM counted GROUP BY member_id, order_id
      ), changed AS (
        UPDATE purchase SET
          returned_minor_units = before.returned_minor_units + back.minor_units,
          last_returned_at = greatest(before.last_returned_at, back.last_returned_at)
        FROM back JOIN purchase AS before USING (member_id, order_id)
        WHERE (purchase.member_id, purchase.order_id) = (before.member_id, before.order_id)
        \(Self.difference)
      )
      \(Self.following)
      """
  }

  /// Marks receipts as reversed and updates the totals.
  func reversal(of reversals: [LedgerNews.Reversal]) -> SQL {
    """
    WITH changed AS (
      UPDATE purchase SET reversed_at = given.reversed_at
      FROM unnest(
        \(reversals.map(\.memberID)), \(reversals.map(\.orderID)), \(reversals.map(\.reversedAt))
      ) AS given (member_id, order_id, reversed_at) JOIN purchase AS before USING (member_id, order_id)
      WHERE (purchase.member_id, purchase.order_id) = (before.member_id, before.order_id)
        AND before.reversed_at IS NULL
      \(Self.difference)
    )
    \(Self.following)
    """
  }

  /// The effect of changed receipts on the totals, from each one's earlier state.
  private static let difference: SQL = """
    RETURNING purchase.member_id, purchase.order_id, purchase.currency_code,
      purchase.refunded_minor_units - before.refunded_minor_units AS refunded_minor_units,
      purchase.is_returned AND NOT before.is_returned AS is_gone
    """

  /// Subtracts the changed receipts from the totals. The statement sees the table as it was before it began, so it
  /// searches the last purchase outside the returned receipts.
  private static let following: SQL = """
    UPDATE purchase_totals AS totals SET
      purchase_count = totals.purchase_count - taken.gone_count,
      returned_purchase_count = totals.returned_purchase_count + taken.gone_count,
      refunded_minor_units = totals.refunded_minor_units + taken.refunded_minor_units,
      last_purchase_at = CASE WHEN taken.gone_count = 0 THEN totals.last_purchase_at ELSE (
        SELECT purchased_at FROM purchase AS kept
        WHERE kept.member_id = taken.member_id AND kept.currency_code = taken.currency_code AND NOT kept.is_returned
          AND NOT EXISTS (
            SELECT FROM changed
            WHERE is_gone AND (changed.member_id, changed.order_id) = (kept.member_id, kept.order_id)
          )
        ORDER BY purchased_at DESC LIMIT 1
      ) END
    FROM (
      SELECT member_id, currency_code, sum(refunded_minor_units) AS refunded_minor_units,
        count(*) FILTER (WHERE is_gone) AS gone_count
      FROM changed GROUP BY member_id, currency_code
    ) AS taken
    WHERE totals.member_id = taken.member_id AND totals.currency_code = taken.currency_code
    """
}
