import Basics
import Foundation
import LoyaltyProto
import Messages
import RPC
import ServiceKit

extension LoyaltyAPI {
  func getOrder(
    _ request: LoyaltyV1.GetOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.GetOrderResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let key = fields.orderKey(request.key)
    try fields.throwIfAny()
    guard let row = try await orders.order(key) else { throw LoyaltyReason.orderNotFound.error() }
    var order = try LoyaltyV1.Order(row)
    order.returns = try await orders.returns(of: row.orderID).map { [order] in LoyaltyV1.OrderReturn($0, of: order) }
    return LoyaltyV1.GetOrderResponse(order: order)
  }

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
    let answer = try await submit(
      LedgerRequest(
        id: requestID,
        digest: try PayloadDigest(of: request).bytes,
        member: order.memberID,
        command: .reverse(ReversalDraft(orderID: order.orderID, reason: request.reason))
      )
    )
    guard case .reversed(let reversed) = answer else { throw BrokenInvariant("a reversal was answered otherwise") }
    return try LoyaltyV1.ReverseOrderResponse(reversed)
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

extension FieldChecks {
  /// How the caller names an order.
  mutating func orderKey(_ key: LoyaltyV1.GetOrderRequest.OneOfKey?) -> OrderKey {
    switch required("key", key) {
    case .orderID(let orderID): .order(uuid("order_id", orderID))
    case .receipt(let receipt): orderKey(receipt)
    case nil: .order(.zero)
    }
  }

  /// How the caller names the order to take back.
  mutating func orderKey(_ key: LoyaltyV1.ReverseOrderRequest.OneOfKey?) -> OrderKey {
    switch required("key", key) {
    case .orderID(let orderID): .order(uuid("order_id", orderID))
    case .receipt(let receipt): orderKey(receipt)
    case nil: .order(.zero)
    }
  }

  /// How the caller names the order of which goods come back.
  mutating func orderKey(_ key: LoyaltyV1.PostReturnRequest.OneOfKey?) -> OrderKey {
    switch required("key", key) {
    case .orderID(let orderID): .order(uuid("order_id", orderID))
    case .receipt(let receipt): orderKey(receipt)
    case nil: .order(.zero)
    }
  }

  private mutating func orderKey(_ receipt: LoyaltyV1.Receipt) -> OrderKey {
    .receipt(
      storeID: identifier("receipt.store_id", receipt.storeID, .store),
      receiptNumber: identifier("receipt.receipt_number", receipt.receiptNumber, .receipt)
    )
  }
}
