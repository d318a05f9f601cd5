import Basics
import CampaignsProto
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import ServiceKit

extension CampaignsV1.CouponTemplate {
  /// Makes a request for a template of a fixed amount, with an optional threshold.
  static func amountOff(_ minorUnits: Int64, threshold: Int64? = nil, code: String? = nil) -> Self {
    Self(
      code: code ?? "AMOUNT-\(UUID().text.prefix(8))",
      title: "满减券",
      benefit: .amountOff(CampaignsV1.AmountOff(amount: .cny(minorUnits))),
      threshold: threshold.map { .cny($0) }
    )
  }

  /// Makes a request for a template of a percentage, with an optional maximum.
  static func percentOff(_ basisPoints: Int32, maximum: Int64? = nil) -> Self {
    Self(
      code: "SHARE-\(UUID().text.prefix(8))",
      title: "折扣券",
      benefit: .percentOff(CampaignsV1.PercentOff(basisPoints: basisPoints, maximumDiscount: maximum.map { .cny($0) }))
    )
  }
}

extension CampaignsV1.ReserveCouponsRequest {
  private static let ids = UUIDv7Generator()

  /// Makes a request to reserve coupons for a new order.
  static func sample(
    _ member: UUID,
    _ coupons: [CampaignsV1.Coupon],
    gross: Int64 = 10_000
  ) -> CampaignsV1.ReserveCouponsRequest {
    CampaignsV1.ReserveCouponsRequest(
      orderID: ids.next().text,
      memberID: member.text,
      couponIDs: coupons.map(\.couponID),
      gross: .cny(gross),
      occurredAt: GoogleProtobuf.Timestamp(date: Date(timeIntervalSince1970: 1_700_000_000))
    )
  }
}

extension LoyaltyV1.PostOrderRequest {
  /// Makes the order of a reservation.
  static func sample(of reservation: CampaignsV1.Reservation, gross: Int64 = 10_000) -> LoyaltyV1.PostOrderRequest {
    var request = LoyaltyV1.PostOrderRequest.sample(UUID(), gross)
    request.requestID = reservation.orderID
    request.receiptNumber = reservation.orderID
    request.memberID = reservation.memberID
    request.couponDiscounts = reservation.discounts
    request.reservationID = reservation.reservationID
    return request
  }
}
