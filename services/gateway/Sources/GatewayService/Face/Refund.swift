internal import PatronAPI
internal import RPC
internal import ServiceKit

/// Takes a whole sale back.
struct Refund {
  let upstreams: Upstreams
  let requestTimes: RequestTimes

  func refund(_ request: PosV1.RefundOrderRequest) async throws -> PosV1.RefundOrderResponse {
    let key = try check(request)
    let reversal = try await calling("loyalty") {
      try await upstreams.loyalty.reverseOrder(
        LoyaltyV1.ReverseOrderRequest(requestId: request.requestId, key: key, reason: request.reason)
      )
    }
    guard let order = reversal.order else {
      throw GatewayReason.upstreamFailed.error(metadata: ["service": "loyalty"])
    }
    return PosV1.RefundOrderResponse(
      orderId: order.orderId,
      refunded: order.payable,
      pointsTaken: reversal.pointsTaken,
      pointsReturned: reversal.pointsReturned,
      pointsShort: reversal.pointsShort,
      balancePoints: reversal.balancePoints
    )
  }

  private func check(_ request: PosV1.RefundOrderRequest) throws -> LoyaltyV1.ReverseOrderRequest.OneOfKey {
    var fields = FieldChecks(domain: GatewayReason.domain)
    _ = fields.requestID(request.requestId, requestTimes)
    var key: LoyaltyV1.ReverseOrderRequest.OneOfKey?
    switch request.key {
    case .orderId(let orderID):
      key = .orderId(fields.uuid("order_id", orderID).text)
    case .receipt(let receipt):
      _ = fields.identifier("receipt.store_id", receipt.storeId, .store)
      _ = fields.identifier("receipt.receipt_number", receipt.receiptNumber, .receipt)
      key = .receipt(LoyaltyV1.Receipt(storeId: receipt.storeId, receiptNumber: receipt.receiptNumber))
    case nil:
      fields.refuse("key", reason: "REQUIRED", "give one of order_id and receipt")
    }
    _ = fields.words("reason", request.reason, ContractLimits.reason)
    try fields.throwIfAny()
    return key ?? .orderId("")
  }
}
