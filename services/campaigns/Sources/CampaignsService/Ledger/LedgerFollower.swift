import CommonProto
import Foundation
import LoyaltyProto
import Messages
import Postgres
import ServiceKit

/// Applies the ledger's events to reservations: posted orders redeem coupons, reversed and completely returned orders
/// free them.
struct LedgerFollower: Sendable {
  let settlement: Settlement

  /// Returns jobs that follow the ledger's event log and apply each event exactly once.
  func jobs(_ kit: ServiceResources, _ loyalty: LoyaltyV1.LoyaltyServiceClient) -> [Job] {
    EventConsumer(source: "loyalty", kit: kit) { cursor in
      try await loyalty.subscribe(LoyaltyV1.SubscribeRequest(cursor: cursor))
    } apply: { events, transaction in
      try await apply(events, in: transaction)
    }.jobs
  }

  /// Applies events in order, in the transaction that stores the cursor.
  func apply(_ events: [LoyaltyV1.LoyaltyEvent], in transaction: Transaction) async throws {
    let settled = try await settlement.record(events.compactMap(Self.fact), in: transaction)
    if !settled.isEmpty { settlement.events.wake() }
  }

  /// Returns the fact in an event, nil if it is not about a reservation.
  private static func fact(_ event: LoyaltyV1.LoyaltyEvent) -> Settlement.Fact? {
    let (order, fact): (LoyaltyV1.Order?, ReservationLifecycle.LedgerFact)
    switch event.kind {
    case .orderPosted(let posted): (order, fact) = (posted.order, .posted)
    case .orderReversed(let reversed): (order, fact) = (reversed.order, .reversed)
    case .orderReturned(let returned) where returned.orderReturn?.left?.minorUnits == 0:
      (order, fact) = (returned.order, .reversed)
    case .orderReturned, .pointsExpiring, .programmeUpdated, nil: return nil
    }
    guard let order, let reservationID = UUID(uuidString: order.reservationID) else { return nil }
    return Settlement.Fact(reservationID: reservationID, fact: fact)
  }
}
