import Basics
import Foundation
import Postgres
import ServiceKit

/// The tables `purchase`, `purchase_line`, `purchase_return` and `purchase_totals`.
struct PurchaseStore: Sendable {
  let database: Database
  /// The limit in lines of a page of purchases.
  let linesPerPage: PageBudget

  /// The position after which a page of purchases begins.
  struct Position: Sendable, Hashable {
    var purchasedAt: Instant
    var orderID: UUID
  }

  /// A page of a member's purchases, latest first.
  struct Page: Sendable, Hashable {
    var purchases: [Purchase]
    /// Whether the member has more.
    var hasMore: Bool
  }

  /// Returns at most `size` purchases of a member, fewer when they have very many lines.
  func page(ofMember id: UUID, after position: Position?, size: Int) async throws -> Page {
    let after: SQL = position.map { "AND (purchased_at, order_id) < (\($0.purchasedAt), \($0.orderID))" } ?? ""
    let found = try await database.query(
      """
      SELECT order_id, store_id, receipt_number, purchased_at, currency_code, gross_minor_units, paid_minor_units,
        points_earned, points_redeemed, line_count, reversed_at, refunded_minor_units,
        CASE WHEN is_returned THEN coalesce(reversed_at, last_returned_at) END
      FROM purchase WHERE member_id = \(id) \(after)
      ORDER BY purchased_at DESC, order_id DESC LIMIT \(Int64(size) + 1)
      """
    )
    let heads = try found.map { try head($0, ofMember: id) }
    let count = linesPerPage.count(of: heads.prefix(size).map(\.lineCount))
    let lines = try await lines(ofMember: id, orders: heads.prefix(count).map(\.purchase.orderID))
    let purchases = heads.prefix(count).map { head in
      var purchase = head.purchase
      purchase.lines = lines[purchase.orderID] ?? []
      if purchase.reversedAt != nil { for line in purchase.lines.indices { purchase.lines[line].returnAll() } }
      return purchase
    }
    return Page(purchases: purchases, hasMore: heads.count > count)
  }

  /// Returns a member's totals, nil without purchases. Of several currencies, that of the last purchase.
  func totals(ofMember id: UUID) async throws -> PurchaseTotals? {
    let row = try await database.query(
      """
      SELECT purchase_count, returned_purchase_count, currency_code, least(paid_minor_units, \(Int64.max))::bigint,
        least(refunded_minor_units, \(Int64.max))::bigint,
        least(paid_minor_units - refunded_minor_units, \(Int64.max))::bigint, last_purchase_at
      FROM purchase_totals WHERE member_id = \(id) ORDER BY last_purchase_at DESC NULLS LAST LIMIT 1
      """
    ).first
    guard let row else { return nil }
    let (count, returnedCount, currency, paid, refunded, spent, last) = try row.decode(
      Int64.self,
      Int64.self,
      String.self,
      Int64.self,
      Int64.self,
      Int64.self,
      Date?.self
    )
    return PurchaseTotals(
      purchaseCount: count,
      returnedPurchaseCount: returnedCount,
      currencyCode: currency,
      paidMinorUnits: paid,
      refundedMinorUnits: refunded,
      spentMinorUnits: spent,
      lastPurchaseAt: last
    )
  }

  private func head(_ row: Row, ofMember id: UUID) throws -> (purchase: Purchase, lineCount: Int) {
    let (
      order, store, receipt, purchasedAt, currency, gross, paid, earned, redeemed, lineCount, reversedAt, refunded,
      returnedAt
    ) = try row.decode(
      UUID.self,
      String.self,
      String.self,
      Date.self,
      String.self,
      Int64.self,
      Int64.self,
      Int64.self,
      Int64.self,
      Int32.self,
      Date?.self,
      Int64.self,
      Date?.self
    )
    let purchase = Purchase(
      memberID: id,
      orderID: order,
      storeID: store,
      receiptNumber: receipt,
      purchasedAt: purchasedAt,
      currencyCode: currency,
      grossMinorUnits: gross,
      paidMinorUnits: paid,
      pointsEarned: earned,
      pointsRedeemed: redeemed,
      lines: [],
      reversedAt: reversedAt,
      refundedMinorUnits: refunded,
      returnedAt: returnedAt
    )
    return (purchase, Int(lineCount))
  }

  private func lines(ofMember id: UUID, orders: [UUID]) async throws -> [UUID: [PurchaseLine]] {
    guard !orders.isEmpty else { return [:] }
    let rows = try await database.query(
      """
      SELECT order_id, product_id, description, category, quantity_thousandths, amount_minor_units,
        CASE WHEN returned_minor_units = amount_minor_units AND amount_minor_units > 0 THEN quantity_thousandths
          ELSE returned_quantity_thousandths END,
        returned_minor_units
      FROM purchase_line WHERE member_id = \(id) AND order_id = ANY(\(orders)) ORDER BY order_id, line_number
      """
    )
    var lines: [UUID: [PurchaseLine]] = [:]
    for row in rows {
      let (order, product, description, category, quantity, amount, returnedQuantity, returned) = try row.decode(
        UUID.self,
        String.self,
        String.self,
        String.self,
        Int64.self,
        Int64.self,
        Int64.self,
        Int64.self
      )
      let line = PurchaseLine(
        productID: product,
        description: description,
        category: category,
        quantityThousandths: quantity,
        amountMinorUnits: amount,
        returnedQuantityThousandths: returnedQuantity,
        returnedMinorUnits: returned
      )
      lines[order, default: []].append(line)
    }
    return lines
  }
}
