import Foundation
import Messages
import PatronAPI
import ServiceKit

/// A request to hold coupons for an order, checked field by field.
struct ReserveCouponsCommand: Sendable {
  let orderID: UUID
  let memberID: UUID
  let couponIDs: [UUID]
  /// The order as the coupons' rules see it.
  let order: CouponOrder
  /// How long to hold them.
  let timeToLive: Duration
  /// Tells requests apart that came for the same order. How long to hold does not count.
  let digest: PayloadDigest

  /// How many coupons are held at once, and for how long (the contract's limits).
  static let couponsAllowed = 1...ContractLimits.orderCoupons.upperBound
  static let timeToLiveAllowed = Duration.seconds(1)...Duration.seconds(3_600)

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
      fields.duration("time_to_live", request.timeToLive, Self.timeToLiveAllowed) ?? defaultTimeToLive
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
      check(seen.insert(couponID).inserted, field, reason: FieldReason.repeated, "name each coupon once")
      return couponID
    }
  }
}
