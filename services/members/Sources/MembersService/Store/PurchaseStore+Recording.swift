import Foundation
import Postgres

extension PurchaseStore {
  /// Records the contents of the ledger's events: receipts, their lines, what was returned, and the totals that follow.
  /// Existing records stay as they are and count once.
  func record(_ news: LedgerNews, in transaction: Transaction) async throws {
    guard !news.isEmpty else { return }
    var statements = [insertion(of: news.purchases), insertionOfLines(of: news.purchases)]
    if !news.returns.isEmpty { statements.append(recording(returns: news.returns)) }
    if !news.reversals.isEmpty { statements.append(reversal(of: news.reversals)) }
    _ = try await transaction.pipeline(statements)
  }

  private func insertion(of purchases: [Purchase]) -> SQL {
    """
    WITH recorded AS (
      INSERT INTO purchase (member_id, order_id, store_id, receipt_number, purchased_at, currency_code,
        gross_minor_units, paid_minor_units, points_earned, points_redeemed, line_count)
      SELECT * FROM unnest(
        \(purchases.map(\.memberID)), \(purchases.map(\.orderID)), \(purchases.map(\.storeID)),
        \(purchases.map(\.receiptNumber)), \(purchases.map(\.purchasedAt)), \(purchases.map(\.currencyCode)),
        \(purchases.map(\.grossMinorUnits)), \(purchases.map(\.paidMinorUnits)), \(purchases.map(\.pointsEarned)),
        \(purchases.map(\.pointsRedeemed)), \(purchases.map { Int32(clamping: $0.lines.count) })
      )
      ON CONFLICT DO NOTHING
      RETURNING member_id, currency_code, paid_minor_units, purchased_at
    )
    INSERT INTO purchase_totals AS totals (member_id, currency_code, purchase_count, returned_purchase_count,
      paid_minor_units, refunded_minor_units, last_purchase_at)
    SELECT member_id, currency_code, count(*), 0, sum(paid_minor_units), 0, max(purchased_at)
    FROM recorded GROUP BY member_id, currency_code
    ON CONFLICT (member_id, currency_code) DO UPDATE SET
      purchase_count = totals.purchase_count + excluded.purchase_count,
      paid_minor_units = totals.paid_minor_units + excluded.paid_minor_units,
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
        \(lines.map(\.purchase.memberID)), \(lines.map(\.purchase.orderID)), \(lines.map(\.number)),
        \(lines.map(\.line.productID)), \(lines.map(\.line.description)), \(lines.map(\.line.category)),
        \(lines.map(\.line.quantityThousandths)), \(lines.map(\.line.amountMinorUnits))
      )
      ON CONFLICT DO NOTHING
      """
  }
}
