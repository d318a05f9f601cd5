internal import PatronAPI
internal import RPC
internal import ServiceKit

/// The member's coupons.
struct Coupons {
  let upstreams: Upstreams

  func list(_ request: AppV1.ListCouponsRequest) async throws -> AppV1.ListCouponsResponse {
    var fields = FieldChecks(domain: GatewayReason.domain)
    let memberID = fields.uuid("member_id", request.memberId).text
    fields.pageSize(request.pageSize)
    let status = CampaignsV1.CouponStatus(request.status)
    if status == nil { fields.refuse("status", reason: "UNKNOWN_VALUE", "give a status that is defined, or none") }
    try fields.throwIfAny()
    let page = try await calling("campaigns") {
      try await upstreams.campaigns.listCoupons(
        CampaignsV1.ListCouponsRequest(
          memberId: memberID,
          pageSize: request.pageSize,
          pageToken: request.pageToken,
          status: status ?? .unspecified
        )
      )
    }
    return AppV1.ListCouponsResponse(coupons: page.coupons.map(AppV1.AppCoupon.init), nextPageToken: page.nextPageToken)
  }
}

extension CampaignsV1.CouponStatus {
  /// The status that campaigns knows as the app's; nil if the app's is not defined.
  fileprivate init?(_ status: AppV1.AppCouponStatus) {
    switch status {
    case .unspecified: self = .unspecified
    case .usable: self = .issued
    case .held: self = .reserved
    case .used: self = .redeemed
    default: return nil
    }
  }
}

extension AppV1.AppCoupon {
  /// The coupon as the member sees it.
  init(_ coupon: CampaignsV1.Coupon) {
    let status: AppV1.AppCouponStatus =
      switch coupon.status {
      case .issued: .usable
      case .reserved: .held
      case .redeemed: .used
      default: .unspecified
      }
    self.init(
      couponId: coupon.couponId,
      title: coupon.template?.title ?? "",
      status: status,
      threshold: coupon.template?.threshold,
      validFrom: coupon.template?.validFrom,
      validBefore: coupon.template?.validBefore
    )
  }
}
