import Basics
import CampaignsProto
import CommonProto
import Foundation
import Messages
import ServiceKit

extension CampaignsV1.Coupon {
  /// Makes the message of a coupon. While the coupon is free, no order is named.
  init(_ coupon: Coupon) {
    let hold = coupon.status == .issued ? nil : coupon.hold
    self.init(
      couponID: coupon.couponID.text,
      memberID: coupon.memberID.text,
      template: CampaignsV1.CouponTemplate(coupon.template),
      status: CampaignsV1.CouponStatus(coupon.status),
      issuedAt: GoogleProtobuf.Timestamp(date: coupon.issuedAt),
      orderID: hold?.orderID.text ?? "",
      redeemedAt: hold?.settledAt.map { GoogleProtobuf.Timestamp(date: $0) }
    )
  }
}

extension CampaignsV1.CouponStatus {
  init(_ status: CouponStatus) {
    switch status {
    case .issued: self = .issued
    case .reserved: self = .reserved
    case .redeemed: self = .redeemed
    }
  }

  /// The requested status, nil if it is unspecified or unknown.
  var status: CouponStatus? {
    switch self {
    case .issued: .issued
    case .reserved: .reserved
    case .redeemed: .redeemed
    default: nil
    }
  }
}
