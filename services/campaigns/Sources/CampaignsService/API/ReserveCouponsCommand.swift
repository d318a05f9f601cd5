import CampaignsProto
import CommonProto
import Foundation
import Messages
import ServiceKit

/// A validated request to hold coupons for an order.
struct ReserveCouponsCommand: Sendable {
  let orderID: UUID
  let memberID: UUID
  let couponIDs: [UUID]
  /// The order for the coupons' rules.
  let order: CouponOrder
  /// How long to hold the coupons.
  let timeToLive: Duration
  /// Distinguishes requests for the same order. The time to live does not count.
  let digest: PayloadDigest

  /// The allowed number of coupons, a limit of the contract.
  static let couponsAllowed = 1...ContractLimits.orderCoupons.upperBound

  init(_ request: CampaignsV1.ReserveCouponsRequest, defaultTimeToLive: Duration, times: RequestTimes) throws {
    var fields = FieldChecks(domain: CampaignsReason.domain)
    orderID = fields.requestID(request.orderID, times, field: "order_id")
    memberID = fields.uuid("member_id", request.memberID)
    couponIDs = fields.couponIDs(request.couponIDs)
    let occurredAt = fields.occurredAt("occurred_at", request.occurredAt, times)
    let gross = fields.required("gross", request.gross) ?? CommonV1.Money()
    order = CouponOrder(
      grossMinorUnits: fields.minorUnits("gross.minor_units", gross.minorUnits),
      currencyCode: fields.currency("gross.currency_code", gross.currencyCode),
      occurredAt: occurredAt
    )
    timeToLive =
      fields.duration("time_to_live", request.timeToLive, ContractLimits.couponTimeToLive) ?? defaultTimeToLive
    try fields.throwIfAny()
    var payload = request
    payload.timeToLive = nil
    digest = try PayloadDigest(of: payload)
  }
}

extension FieldChecks {
  fileprivate mutating func couponIDs(_ texts: [String]) -> [UUID] {
    count("coupon_ids", texts.count, ReserveCouponsCommand.couponsAllowed)
    var seen: Set<UUID> = []
    return texts.prefix(ReserveCouponsCommand.couponsAllowed.upperBound).enumerated().map { index, text in
      let field = "coupon_ids[\(index)]"
      let couponID = uuid(field, text)
      check(seen.insert(couponID).inserted, field, reason: .repeated, "name each coupon once")
      return couponID
    }
  }
}
