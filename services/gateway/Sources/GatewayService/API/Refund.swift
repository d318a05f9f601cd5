import CommonProto
import Foundation
import LoyaltyProto
import PosProto
import RPC
import ServiceKit

/// Refunds a whole sale, or what returns have left of it.
struct Refund {
  let upstreams: Upstreams
  let requestTimes: RequestTimes

  func refund(_ request: PosV1.RefundOrderRequest) async throws -> PosV1.RefundOrderResponse {
    let command = try RefundCommand(request, requestTimes)
    do {
      return try await reverse(command)
    } catch let error as RPCError where command.mayWait && (error.isOrderNotFound || error.isRequestIDReused) {
      // The sale has not arrived. Or it had not when this request first came, and its ID belongs to the return stored
      // then. If the ID belongs to something else, loyalty reports it again.
      return try await wait(command)
    }
  }

  private func reverse(_ command: RefundCommand) async throws -> PosV1.RefundOrderResponse {
    let call = UpstreamCall.Refund.reverse
    let request = command.request
    let reversal = try await call {
      try await upstreams.loyalty.reverseOrder(
        LoyaltyV1.ReverseOrderRequest(requestID: request.requestID, key: command.key.reversing, reason: request.reason)
      )
    }
    guard let order = reversal.order, let refunded = reversal.refunded else { throw call.incomplete }
    return PosV1.RefundOrderResponse(
      orderID: order.orderID,
      refunded: refunded,
      pointsTaken: reversal.pointsTaken,
      pointsReturned: reversal.pointsReturned,
      pointsShort: reversal.pointsShort,
      balancePoints: reversal.balancePoints,
      state: .applied,
      refunds: .of(points: reversal.pointsReturned, other: refunded),
      freedCouponIDs: order.couponDiscounts.map(\.couponID)
    )
  }

  /// Stores the return in loyalty until the sale arrives.
  private func wait(_ command: RefundCommand) async throws -> PosV1.RefundOrderResponse {
    let request = command.request
    let answer = try await upstreams.postReturn(
      LoyaltyV1.PostReturnRequest(
        requestID: request.requestID,
        memberID: request.memberID,
        key: command.key.returning,
        storeID: request.storeID,
        reason: request.reason
      ),
      of: command.memberID,
      UpstreamCall.Refund.wait,
      UpstreamCall.Refund.account
    )
    // It has just arrived.
    let back = answer.orderReturn ?? LoyaltyV1.OrderReturn()
    return PosV1.RefundOrderResponse(
      orderID: back.orderID,
      refunded: back.refunded,
      pointsTaken: back.pointsTaken,
      pointsReturned: back.pointsReturned,
      pointsShort: back.pointsShort,
      balancePoints: back.balancePoints,
      state: answer.orderReturn == nil ? .waiting : .applied,
      refunds: .of(points: back.pointsReturned, other: back.refunded),
      freedCouponIDs: back.freedCouponIDs
    )
  }
}

/// A validated refund.
private struct RefundCommand {
  let request: PosV1.RefundOrderRequest
  let key: SaleKey
  let memberID: UUID?

  init(_ request: PosV1.RefundOrderRequest, _ times: RequestTimes) throws {
    var fields = FieldChecks(domain: GatewayReason.domain)
    _ = fields.requestID(request.requestID, times)
    key = fields.saleKey(
      request.key.map {
        switch $0 {
        case .orderID(let orderID): .order(orderID)
        case .receipt(let receipt): .receipt(receipt)
        }
      }
    )
    memberID = fields.optionalUUID("member_id", request.memberID)
    _ = fields.identifier("store_id", request.storeID, .store, optional: true)
    _ = fields.words("reason", request.reason, ContractLimits.reason)
    try fields.throwIfAny()
    self.request = request
  }

  /// Whether the request has enough data to refund a sale that has not arrived.
  var mayWait: Bool {
    if case .receipt = key { memberID != nil && !request.storeID.isEmpty } else { false }
  }
}
