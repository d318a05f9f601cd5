import AppProto
import Basics
import CampaignsProto
import Messages
import RPC
import ServiceKit

/// The member's coupons.
struct Coupons {
  let upstreams: Upstreams

  func list(_ request: AppV1.ListCouponsRequest) async throws -> AppV1.ListCouponsResponse {
    var fields = FieldChecks(domain: GatewayReason.domain)
    let memberID = fields.uuid("member_id", request.memberID).text
    fields.pageSize(request.pageSize)
    let status = request.status.ofCampaigns
    if status == nil { fields.refuse("status", reason: .unknownValue, "give a status that is defined, or none") }
    try fields.throwIfAny()
    let page = try await UpstreamCall.Coupons.list {
      try await upstreams.campaigns.listCoupons(
        CampaignsV1.ListCouponsRequest(
          memberID: memberID,
          pageSize: request.pageSize,
          pageToken: request.pageToken,
          status: status ?? .unspecified
        )
      )
    }
    return AppV1.ListCouponsResponse(coupons: page.coupons.map(AppV1.AppCoupon.init), nextPageToken: page.nextPageToken)
  }
}

extension AppV1.AppCouponStatus {
  /// The app's statuses by those of campaigns. A test checks that they are complete.
  private static let ofCampaigns: [CampaignsV1.CouponStatus: AppV1.AppCouponStatus] = [
    .unspecified: .unspecified, .issued: .usable, .reserved: .held, .redeemed: .used,
  ]

  /// Maps a status of campaigns.
  init(_ status: CampaignsV1.CouponStatus) { self = Self.ofCampaigns[status] ?? .unspecified }

  /// The status of campaigns, nil for an undefined value.
  var ofCampaigns: CampaignsV1.CouponStatus? { Self.ofCampaigns.first { $0.value == self }?.key }
}

extension AppV1.AppCoupon {
  /// Makes the member's view of a coupon.
  init(_ coupon: CampaignsV1.Coupon) {
    self.init(
      couponID: coupon.couponID,
      title: coupon.template?.title ?? "",
      status: AppV1.AppCouponStatus(coupon.status),
      threshold: coupon.template?.threshold,
      validFrom: coupon.template?.validFrom,
      validBefore: coupon.template?.validBefore
    )
  }
}

extension CampaignsV1.CouponTemplate {
  /// Returns whether the coupon is valid at a time in microseconds since 1970.
  func isValid(at unixMicroseconds: Int64) -> Bool {
    if let validFrom, validFrom.unixMicroseconds > unixMicroseconds { return false }
    if let validBefore, validBefore.unixMicroseconds <= unixMicroseconds { return false }
    return true
  }
}
