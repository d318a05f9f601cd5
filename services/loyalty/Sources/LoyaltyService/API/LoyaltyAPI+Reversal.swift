import Basics
import Foundation
import Messages
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyAPI {
  func reverseOrder(
    _ request: LoyaltyV1.ReverseOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ReverseOrderResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let key = fields.orderKey(request.key)
    _ = fields.words("reason", request.reason, ContractLimits.reason)
    try fields.throwIfAny()
    guard let order = try await orders.order(key) else { throw LoyaltyReason.orderNotFound.error() }
    let draft = ReversalDraft(orderID: order.orderID, reason: request.reason) { [ids] order, reversal in
      try Self.event(order, reversal, id: ids.next())
    }
    let answer = try await submit(
      LedgerRequest(
        id: requestID,
        digest: try PayloadDigest(of: request).bytes,
        member: order.memberID,
        command: .reverse(draft)
      )
    )
    guard case .reversed(let reversed) = answer else { throw BrokenInvariant("a reversal was answered otherwise") }
    return try LoyaltyV1.ReverseOrderResponse(reversed)
  }

  private static func event(_ order: OrderRow, _ reversal: ReversalRow, id: UUID) throws -> NewEvent {
    let posted = try LoyaltyV1.Order(order)
    let event = LoyaltyV1.LoyaltyEvent(
      eventID: id.text,
      recordedAt: GoogleProtobuf.Timestamp(date: reversal.reversedAt),
      kind: .orderReversed(
        LoyaltyV1.OrderReversed(
          order: posted,
          reason: reversal.reason,
          pointsTaken: reversal.pointsTaken,
          pointsReturned: reversal.pointsReturned,
          balancePoints: reversal.balancePoints,
          refunded: posted.money(reversal.refundedMinorUnits)
        )
      )
    )
    return NewEvent(
      eventID: id,
      type: EventType.orderReversed,
      key: order.memberID,
      payload: try event.serializedBytes()
    )
  }
}

extension LoyaltyV1.ReverseOrderResponse {
  /// What the reversal of an order did.
  fileprivate init(_ row: OrderRow) throws {
    guard let reversal = row.reversal else { throw BrokenInvariant("a reversed order has no reversal") }
    let order = try LoyaltyV1.Order(row)
    self.init(
      order: order,
      pointsTaken: reversal.pointsTaken,
      pointsReturned: reversal.pointsReturned,
      pointsShort: reversal.pointsShort,
      balancePoints: reversal.balancePoints,
      refunded: order.money(reversal.refundedMinorUnits)
    )
  }
}
