import Foundation
import Messages
import PatronAPI
import ServiceKit

extension LedgerNews {
  /// Reads events of the ledger; those that say nothing about purchases are left out.
  ///
  /// - Throws: ``ServiceKit/UnusableEvent`` when one makes no sense: leaving it out would leave totals wrong for ever.
  init(_ events: [LoyaltyV1.LoyaltyEvent]) throws {
    self.init(try events.compactMap(Event.init))
  }
}

extension LedgerNews.Event {
  /// Reads one event; nil if it says nothing about purchases.
  init?(_ event: LoyaltyV1.LoyaltyEvent) throws {
    switch event.kind {
    case .orderPosted(let posted):
      self = .posted(try Purchase(posted.order))
    case .orderReversed(let reversed):
      let purchase = try Purchase(reversed.order)
      guard purchase.reversedAt != nil else { throw UnusableEvent("order.reversed_at is missing or wrong") }
      self = .reversed(purchase)
    case .orderReturned, .pointsExpiring, .programmeUpdated, nil:
      return nil
    }
  }
}

extension Purchase {
  fileprivate init(_ order: LoyaltyV1.Order?) throws {
    guard let order else { throw UnusableEvent("order is missing or wrong") }
    guard let memberId = UUID(uuidString: order.memberId) else {
      throw UnusableEvent("order.member_id is missing or wrong")
    }
    guard let orderId = UUID(uuidString: order.orderId) else {
      throw UnusableEvent("order.order_id is missing or wrong")
    }
    guard let purchasedAt = order.occurredAt else { throw UnusableEvent("order.occurred_at is missing or wrong") }
    guard let paid = order.payable else { throw UnusableEvent("order.payable is missing or wrong") }
    self.init(
      memberId: memberId,
      orderId: orderId,
      storeId: order.storeId,
      receiptNumber: order.receiptNumber,
      purchasedAt: purchasedAt.date,
      currencyCode: paid.currencyCode,
      paidMinorUnits: paid.minorUnits,
      pointsEarned: order.pointsEarned,
      pointsRedeemed: order.pointsRedeemed,
      lines: order.lines.map(PurchaseLine.init),
      reversedAt: order.reversedAt?.date
    )
  }
}

extension PurchaseLine {
  fileprivate init(_ line: CommonV1.OrderLine) {
    self.init(
      productId: line.productId,
      description: line.description,
      category: line.category,
      quantityThousandths: line.quantityThousandths,
      amountMinorUnits: line.amount?.minorUnits ?? 0
    )
  }
}
