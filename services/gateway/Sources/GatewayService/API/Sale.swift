import Basics
import CommonProto
import Foundation
import Messages
import PosProto
import ServiceKit

/// A validated sale.
struct Sale: Sendable {
  /// The request's ID, which becomes the order's.
  let requestID: UUID
  /// The member.
  let memberID: UUID
  /// When it happened.
  let occurredAt: GoogleProtobuf.Timestamp
  /// The sum of the lines.
  let gross: CommonV1.Money
  /// The till's request.
  let request: PosV1.CheckoutRequest

  /// Validates everything that can be validated without other services.
  ///
  /// The default time of the sale is that in its request ID. Unlike the gateway's time it is the same when the request
  /// is repeated.
  init(_ request: PosV1.CheckoutRequest, times: RequestTimes) throws {
    var fields = FieldChecks(domain: GatewayReason.domain)
    requestID = fields.requestID(request.requestID, times)
    memberID = fields.uuid("member_id", request.memberID)
    _ = fields.identifier("store_id", request.storeID, .store)
    _ = fields.identifier("till_id", request.tillID, .till, optional: true)
    _ = fields.identifier("receipt_number", request.receiptNumber, .receipt)
    occurredAt = request.occurredAt ?? GoogleProtobuf.Timestamp(unixMicroseconds: requestID.mintedAtUnixMicroseconds)
    if request.occurredAt != nil {
      _ = fields.occurredAt("occurred_at", occurredAt, times)
    } else if requestID != .zero {
      _ = fields.occurredAt("request_id", occurredAt, times)
    }
    gross = fields.orderLines(request.lines)
    fields.coupons(request.couponIDs)
    _ = fields.number("points_to_redeem", request.pointsToRedeem, 0...ContractLimits.pointsMaximum)
    try fields.throwIfAny()
    self.request = request
  }
}

extension FieldChecks {
  /// Validates the coupons of a sale.
  mutating func coupons(_ couponIDs: [String]) {
    count("coupon_ids", couponIDs.count, ContractLimits.orderCoupons)
    var seen: Set<UUID> = []
    for (index, couponID) in couponIDs.prefix(ContractLimits.orderCoupons.upperBound).enumerated() {
      let id = uuid("coupon_ids[\(index)]", couponID)
      if id != .zero, !seen.insert(id).inserted {
        refuse("coupon_ids[\(index)]", reason: .duplicate, "give each coupon once")
      }
    }
  }
}
