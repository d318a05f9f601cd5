import Foundation
import Messages
import PatronAPI

/// An event of the ledger that makes no sense. Nothing after it is applied until somebody has looked: leaving it out
/// would leave totals wrong for ever.
struct LedgerEventMalformed: Error, Sendable, CustomStringConvertible {
  let eventId: String
  let field: String

  var description: String { "event \(eventId) of the ledger has no usable \(field)" }
}

extension LedgerNews {
  /// Reads events of the ledger; those that say nothing about purchases are left out.
  init(_ events: [LoyaltyV1.LoyaltyEvent]) throws {
    self.init(try events.compactMap(Event.init))
  }
}

extension LedgerNews.Event {
  /// Reads one event; nil if it says nothing about purchases.
  init?(_ event: LoyaltyV1.LoyaltyEvent) throws {
    switch event.kind {
    case .orderPosted(let posted):
      self = .posted(try Purchase(posted.order, of: event))
    case .orderReversed(let reversed):
      let purchase = try Purchase(reversed.order, of: event)
      guard purchase.reversedAt != nil else { throw LedgerEventMalformed(event, "order.reversed_at") }
      self = .reversed(purchase)
    case .orderReturned, .pointsExpiring, .programmeUpdated, nil:
      return nil
    }
  }
}

extension Purchase {
  fileprivate init(_ order: LoyaltyV1.Order?, of event: LoyaltyV1.LoyaltyEvent) throws {
    guard let order else { throw LedgerEventMalformed(event, "order") }
    guard let memberId = UUID(uuidString: order.memberId) else { throw LedgerEventMalformed(event, "order.member_id") }
    guard let orderId = UUID(uuidString: order.orderId) else { throw LedgerEventMalformed(event, "order.order_id") }
    guard let purchasedAt = order.occurredAt else { throw LedgerEventMalformed(event, "order.occurred_at") }
    guard let paid = order.payable else { throw LedgerEventMalformed(event, "order.payable") }
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

extension LedgerEventMalformed {
  fileprivate init(_ event: LoyaltyV1.LoyaltyEvent, _ field: String) {
    self.init(eventId: event.eventId, field: field)
  }
}
