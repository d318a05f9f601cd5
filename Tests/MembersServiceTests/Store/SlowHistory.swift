import Foundation

@testable import MembersService

/// Members' purchases and returns, computed from all events in the simplest way.
struct SlowHistory {
  private var sales: [UUID: Purchase] = [:]
  private var returns: [UUID: [UUID: PurchaseReturn]] = [:]
  private var reversals: [UUID: Date] = [:]

  mutating func hear(_ event: LedgerNews.Event) {
    switch event {
    case .posted(let purchase): remember(purchase)
    case .reversed(let purchase):
      remember(purchase)
      if reversals[purchase.orderID] == nil { reversals[purchase.orderID] = purchase.reversedAt }
    case .returned(let purchase, let goods):
      remember(purchase)
      returns[purchase.orderID, default: [:]][goods.returnID] = goods
    }
  }

  private mutating func remember(_ purchase: Purchase) {
    var sale = purchase
    sale.reversedAt = nil
    sales[purchase.orderID] = sale
  }

  /// Returns the member's purchases, latest first.
  func purchases(of member: UUID) -> [Purchase] {
    sales.values.filter { $0.memberID == member }.map(purchase).sorted { $0.purchasedAt > $1.purchasedAt }
  }

  private func purchase(_ sale: Purchase) -> Purchase {
    var purchase = sale
    let returns = returns[sale.orderID].map { Array($0.values) } ?? []
    for part in returns.flatMap(\.lines) {
      purchase.lines[Int(part.line)].returnedMinorUnits += part.minorUnits
      purchase.lines[Int(part.line)].returnedQuantityThousandths += part.quantityThousandths
    }
    let back = returns.reduce(0) { $0 + $1.minorUnits }
    let isAll = !returns.isEmpty && back == sale.grossMinorUnits
    purchase.reversedAt = reversals[sale.orderID]
    if purchase.reversedAt != nil || isAll {
      purchase.refundedMinorUnits = sale.paidMinorUnits
      purchase.returnedAt = purchase.reversedAt ?? returns.map(\.returnedAt).max()
    } else if back > 0 {
      purchase.refundedMinorUnits = sale.paidMinorUnits * back / sale.grossMinorUnits
    }
    for line in purchase.lines.indices {
      let isLineBack =
        purchase.lines[line].amountMinorUnits > 0
        && purchase.lines[line].returnedMinorUnits == purchase.lines[line].amountMinorUnits
      if purchase.reversedAt != nil || isLineBack { purchase.lines[line].returnAll() }
    }
    return purchase
  }

  /// Returns the member's totals, nil without purchases.
  func totals(of member: UUID) -> PurchaseTotals? {
    let purchases = purchases(of: member)
    guard let first = purchases.first else { return nil }
    let kept = purchases.filter { $0.returnedAt == nil }
    let paid = purchases.reduce(0) { $0 + $1.paidMinorUnits }
    let refunded = purchases.reduce(0) { $0 + $1.refundedMinorUnits }
    return PurchaseTotals(
      purchaseCount: Int64(kept.count),
      returnedPurchaseCount: Int64(purchases.count - kept.count),
      currencyCode: first.currencyCode,
      paidMinorUnits: paid,
      refundedMinorUnits: refunded,
      spentMinorUnits: paid - refunded,
      lastPurchaseAt: kept.map(\.purchasedAt).max()
    )
  }
}
