import Foundation
import Postgres

extension PurchaseStore {
  /// Records what the ledger's events say: receipts, their lines, what was taken back, and the totals that follow. What
  /// is recorded already stays as it is and counts once.
  func record(_ news: LedgerNews, in transaction: Transaction) async throws {
    guard !news.isEmpty else { return }
    var statements = [insertion(of: news.purchases), insertionOfLines(of: news.purchases)]
    if !news.reversals.isEmpty { statements.append(reversal(of: news.reversals)) }
    _ = try await transaction.pipeline(statements)
  }

  private func insertion(of purchases: [Purchase]) -> SQL {
    """
    WITH recorded AS (
      INSERT INTO purchase (member_id, order_id, store_id, receipt_number, purchased_at, currency_code,
        paid_minor_units, points_earned, points_redeemed, line_count)
      SELECT * FROM unnest(
        \(purchases.map(\.memberId)), \(purchases.map(\.orderId)), \(purchases.map(\.storeId)),
        \(purchases.map(\.receiptNumber)), \(purchases.map(\.purchasedAt)), \(purchases.map(\.currencyCode)),
        \(purchases.map(\.paidMinorUnits)), \(purchases.map(\.pointsEarned)), \(purchases.map(\.pointsRedeemed)),
        \(purchases.map { Int32(clamping: $0.lines.count) })
      )
      ON CONFLICT DO NOTHING
      RETURNING member_id, currency_code, paid_minor_units, purchased_at
    )
    INSERT INTO purchase_totals AS totals (member_id, currency_code, purchase_count, spent_minor_units, last_purchase_at)
    SELECT member_id, currency_code, count(*), sum(paid_minor_units)::bigint, max(purchased_at)
    FROM recorded GROUP BY member_id, currency_code
    ON CONFLICT (member_id, currency_code) DO UPDATE SET
      purchase_count = totals.purchase_count + excluded.purchase_count,
      spent_minor_units = totals.spent_minor_units + excluded.spent_minor_units,
      last_purchase_at = greatest(totals.last_purchase_at, excluded.last_purchase_at)
    """
  }

  private func insertionOfLines(of purchases: [Purchase]) -> SQL {
    let lines = purchases.flatMap { purchase in
      purchase.lines.enumerated().map { (purchase: purchase, number: Int32(clamping: $0.offset + 1), line: $0.element) }
    }
    return
      """
      INSERT INTO purchase_line (member_id, order_id, line_number, product_id, description, category,
        quantity_thousandths, amount_minor_units)
      SELECT * FROM unnest(
        \(lines.map(\.purchase.memberId)), \(lines.map(\.purchase.orderId)), \(lines.map(\.number)),
        \(lines.map(\.line.productId)), \(lines.map(\.line.description)), \(lines.map(\.line.category)),
        \(lines.map(\.line.quantityThousandths)), \(lines.map(\.line.amountMinorUnits))
      )
      ON CONFLICT DO NOTHING
      """
  }

  /// Marks receipts as taken back and takes them out of the totals. The statement sees the table as it was before it
  /// began, which is why the last purchase is looked for outside the receipts being taken back.
  private func reversal(of reversals: [LedgerNews.Reversal]) -> SQL {
    """
    WITH reversed AS (
      UPDATE purchase SET reversed_at = given.reversed_at
      FROM unnest(
        \(reversals.map(\.memberId)), \(reversals.map(\.orderId)), \(reversals.map(\.reversedAt))
      ) AS given (member_id, order_id, reversed_at)
      WHERE purchase.member_id = given.member_id AND purchase.order_id = given.order_id
        AND purchase.reversed_at IS NULL
      RETURNING purchase.member_id, purchase.order_id, purchase.currency_code, purchase.paid_minor_units
    ), taken AS (
      SELECT member_id, currency_code, count(*) AS purchase_count, sum(paid_minor_units)::bigint AS spent_minor_units
      FROM reversed GROUP BY member_id, currency_code
    )
    UPDATE purchase_totals AS totals SET
      purchase_count = totals.purchase_count - taken.purchase_count,
      spent_minor_units = totals.spent_minor_units - taken.spent_minor_units,
      last_purchase_at = (
        SELECT purchased_at FROM purchase AS kept
        WHERE kept.member_id = taken.member_id AND kept.currency_code = taken.currency_code
          AND kept.reversed_at IS NULL
          AND NOT EXISTS (
            SELECT FROM reversed WHERE reversed.member_id = kept.member_id AND reversed.order_id = kept.order_id
          )
        ORDER BY purchased_at DESC LIMIT 1
      )
    FROM taken WHERE totals.member_id = taken.member_id AND totals.currency_code = taken.currency_code
    """
  }
}
