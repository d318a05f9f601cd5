import CommonProto
import Foundation
import LoyaltyProto
import Messages
import ServiceKit

/// Follows the ledger's event log and records members' purchases, each event exactly once.
struct LedgerConsumer: Sendable {
  private let consumer: EventConsumer<LoyaltyV1.SubscribeResponse>

  /// Makes a consumer of the events of `loyalty` that records them in `purchases`.
  init(loyalty: LoyaltyV1.LoyaltyServiceClient, purchases: PurchaseStore, kit: ServiceResources) {
    consumer = EventConsumer(source: "loyalty", kit: kit) { cursor in
      try await loyalty.subscribe(LoyaltyV1.SubscribeRequest(cursor: cursor))
    } apply: { events, transaction in
      try await purchases.record(LedgerNews(events), in: transaction)
    }
  }

  /// The jobs, which run until they are cancelled.
  var jobs: [Job] { consumer.jobs }
}

extension LedgerNews {
  /// Reads events of the ledger. Skips those that are not about purchases.
  ///
  /// - Throws: ``ServiceKit/UnusableEvent`` when an event is invalid: skipping it would leave totals wrong for ever.
  init(_ events: [LoyaltyV1.LoyaltyEvent]) throws {
    self.init(try events.compactMap(Event.init))
  }
}

extension LedgerNews.Event {
  /// Reads one event. Nil if it is not about purchases.
  init?(_ event: LoyaltyV1.LoyaltyEvent) throws {
    switch event.kind {
    case .orderPosted(let posted):
      self = .posted(try Purchase(posted.order))
    case .orderReversed(let reversed):
      let purchase = try Purchase(reversed.order)
      guard purchase.reversedAt != nil else { throw UnusableEvent("order.reversed_at is missing or wrong") }
      self = .reversed(purchase)
    case .orderReturned(let returned):
      let purchase = try Purchase(returned.order)
      self = .returned(purchase, try PurchaseReturn(returned.orderReturn, of: purchase))
    case .pointsExpiring, .programmeUpdated, nil:
      return nil
    }
  }
}

extension Purchase {
  fileprivate init(_ order: LoyaltyV1.Order?) throws {
    guard let order else { throw UnusableEvent("order is missing or wrong") }
    guard let memberID = UUID(uuidString: order.memberID) else {
      throw UnusableEvent("order.member_id is missing or wrong")
    }
    guard let orderID = UUID(uuidString: order.orderID) else {
      throw UnusableEvent("order.order_id is missing or wrong")
    }
    guard let purchasedAt = order.occurredAt else { throw UnusableEvent("order.occurred_at is missing or wrong") }
    guard let gross = order.gross else { throw UnusableEvent("order.gross is missing or wrong") }
    guard let paid = order.payable else { throw UnusableEvent("order.payable is missing or wrong") }
    self.init(
      memberID: memberID,
      orderID: orderID,
      storeID: order.storeID,
      receiptNumber: order.receiptNumber,
      purchasedAt: purchasedAt.date,
      currencyCode: paid.currencyCode,
      grossMinorUnits: gross.minorUnits,
      paidMinorUnits: paid.minorUnits,
      pointsEarned: order.pointsEarned,
      pointsRedeemed: order.pointsRedeemed,
      lines: order.lines.map(PurchaseLine.init),
      reversedAt: order.reversedAt?.date
    )
  }
}

extension PurchaseReturn {
  fileprivate init(_ goods: LoyaltyV1.OrderReturn?, of purchase: Purchase) throws {
    guard let goods else { throw UnusableEvent("order_return is missing or wrong") }
    guard let id = UUID(uuidString: goods.returnID) else {
      throw UnusableEvent("order_return.return_id is missing or wrong")
    }
    guard let returned = goods.returned else { throw UnusableEvent("order_return.returned is missing or wrong") }
    guard let returnedAt = goods.returnedAt else {
      throw UnusableEvent("order_return.returned_at is missing or wrong")
    }
    self.init(
      memberID: purchase.memberID,
      orderID: purchase.orderID,
      returnID: id,
      minorUnits: returned.minorUnits,
      lines: goods.lines.map { line in
        Line(
          line: line.line,
          quantityThousandths: line.quantityThousandths,
          minorUnits: line.amount?.minorUnits ?? 0
        )
      },
      returnedAt: returnedAt.date
    )
  }
}

extension PurchaseLine {
  fileprivate init(_ line: CommonV1.OrderLine) {
    self.init(
      productID: line.productID,
      description: line.description,
      category: line.category,
      quantityThousandths: line.quantityThousandths,
      amountMinorUnits: line.amount?.minorUnits ?? 0
    )
  }
}
