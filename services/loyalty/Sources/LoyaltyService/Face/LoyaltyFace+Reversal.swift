import Foundation
import Messages
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyFace {
  func reverseOrder(
    _ request: LoyaltyV1.ReverseOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ReverseOrderResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let requestId = fields.requestID(request.requestId)
    let key = fields.orderKey(request.key)
    _ = fields.text("reason", request.reason, 1...500)
    try fields.throwIfAny()
    let digest = try PayloadDigest(of: request)
    let now = clock.now

    do {
      let reversed = try await orders.reverse(key, by: requestId) { snapshot in
        if try isAnswered(snapshot.order, by: requestId, digest) { return .answer(snapshot.order) }
        return .write(try newReversal(of: snapshot, by: requestId, digest, reason: request.reason, now: now))
      }
      return try LoyaltyV1.ReverseOrderResponse(reversed)
    } catch is OrderMissing {
      throw LoyaltyReason.orderNotFound.error()
    }
  }

  /// Whether this very request reversed the order before; refuses if another one did.
  private func isAnswered(_ order: OrderRow, by requestId: UUID, _ digest: PayloadDigest) throws -> Bool {
    guard let reversal = order.reversal else { return false }
    guard reversal.requestId == requestId else {
      throw LoyaltyReason.orderAlreadyReversed.error(metadata: ["order_id": order.orderId.text])
    }
    guard reversal.requestDigest == digest.bytes else {
      throw PayloadDigest.reused(
        requestID: requestId,
        stored: reversal.requestDigest,
        given: digest.bytes,
        domain: LoyaltyReason.domain
      )
    }
    return true
  }

  private func newReversal(
    of snapshot: ReversalSnapshot,
    by requestId: UUID,
    _ digest: PayloadDigest,
    reason: String,
    now: Date
  ) throws -> NewReversal {
    let reversal: OrderReversal
    do {
      reversal = try OrderReversal(
        pointsEarned: snapshot.order.pointsEarned,
        pointsRedeemed: snapshot.order.pointsRedeemed,
        account: snapshot.account.account
      )
    } catch {
      throw error.error
    }
    var order = snapshot.order
    let row = ReversalRow(
      requestId: requestId,
      requestDigest: digest.bytes,
      reason: reason,
      pointsTaken: reversal.pointsTaken,
      pointsReturned: reversal.pointsReturned,
      pointsShort: reversal.pointsShort,
      balancePoints: reversal.account.balancePoints,
      reversedAt: now
    )
    order.reversal = row
    let eventId = ids.next()
    let event = LoyaltyV1.LoyaltyEvent(
      eventId: eventId.text,
      recordedAt: GoogleProtobuf.Timestamp(date: now),
      kind: .orderReversed(
        LoyaltyV1.OrderReversed(
          order: try LoyaltyV1.Order(order),
          reason: reason,
          pointsTaken: reversal.pointsTaken,
          pointsReturned: reversal.pointsReturned,
          balancePoints: reversal.account.balancePoints
        )
      )
    )
    return NewReversal(
      order: order,
      versions: LedgerVersions(account: snapshot.account.version),
      row: row,
      reversal: reversal,
      event: try NewEvent(event, id: eventId, type: EventType.orderReversed, key: order.memberId)
    )
  }
}

extension LoyaltyV1.ReverseOrderResponse {
  /// What the reversal of an order did.
  fileprivate init(_ row: OrderRow) throws {
    guard let reversal = row.reversal else { throw BrokenInvariant("a reversed order has no reversal") }
    self.init(
      order: try LoyaltyV1.Order(row),
      pointsTaken: reversal.pointsTaken,
      pointsReturned: reversal.pointsReturned,
      pointsShort: reversal.pointsShort,
      balancePoints: reversal.balancePoints
    )
  }
}
