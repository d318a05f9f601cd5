import Basics
import CampaignsProto
import LoyaltyProto
import MembersProto
import Messages
import PosProto
import RPC
import ServiceKit

/// Identifies a member and returns what the till needs for the sale.
struct Identification {
  /// The greatest number of coupons for a till.
  static let couponsMaximum = 50

  /// The number of coupons requested at a time, the greatest that campaigns allows.
  private static let pageSize: Int32 = 500

  let upstreams: Upstreams
  let clock: WallClock
  let limits: CallLimits

  func identify(_ request: PosV1.IdentifyMemberRequest) async throws -> PosV1.IdentifyMemberResponse {
    let identifier = try check(request)
    let response = try await UpstreamCall.Identification.resolve {
      try await upstreams.members.resolveMember(MembersV1.ResolveMemberRequest(identifier: identifier))
    }
    guard let member = response.member else { throw UpstreamCall.Identification.resolve.incomplete }
    // A suspended member is recognised, and has nothing to spend or use now.
    guard member.status != .suspended else {
      return PosV1.IdentifyMemberResponse(member: PosV1.PosMember(member))
    }
    async let balance = upstreams.balance(of: member.memberID, UpstreamCall.Identification.balance)
    async let coupons = usableCoupons(of: member.memberID)
    return PosV1.IdentifyMemberResponse(
      member: PosV1.PosMember(member),
      balancePoints: try await balance?.points ?? 0,
      coupons: try await coupons
    )
  }

  private func check(
    _ request: PosV1.IdentifyMemberRequest
  ) throws -> MembersV1.ResolveMemberRequest.OneOfIdentifier {
    var fields = FieldChecks(domain: GatewayReason.domain)
    var identifier: MembersV1.ResolveMemberRequest.OneOfIdentifier?
    switch request.identifier {
    case .phone(let phone):
      _ = fields.text("phone", phone, 1...ContractLimits.phone.upperBound)
      identifier = .phone(phone)
    case .cardNumber(let cardNumber):
      _ = fields.identifier("card_number", cardNumber, .card)
      identifier = .cardNumber(cardNumber)
    case .wechatOpenid(let openid):
      _ = fields.identifier("wechat_openid", openid, .wechatOpenid)
      identifier = .wechatOpenid(openid)
    case .externalID(let externalID):
      _ = fields.identifier("external_id.source", externalID.source, .externalSource)
      _ = fields.identifier("external_id.value", externalID.value, .externalID)
      identifier = .externalID(MembersV1.ExternalID(source: externalID.source, value: externalID.value))
    case nil:
      fields.refuse("identifier", reason: .required, "give one of phone, card_number, wechat_openid and external_id")
    }
    try fields.throwIfAny()
    return identifier ?? .phone("")
  }

  /// Returns the coupons that the member may use now, latest issue first. Reads a few pages, because many outdated ones
  /// may come first.
  private func usableCoupons(of memberID: String) async throws -> [PosV1.PosCoupon] {
    var usable: [PosV1.PosCoupon] = []
    var token = ""
    for _ in 0..<limits.couponPagesMaximum {
      let request = CampaignsV1.ListCouponsRequest(
        memberID: memberID,
        pageSize: Self.pageSize,
        pageToken: token,
        status: .issued
      )
      let page = try await UpstreamCall.Identification.coupons {
        try await upstreams.campaigns.listCoupons(request)
      }
      let now = clock.unixMicroseconds
      usable += page.coupons.compactMap { coupon in
        guard let template = coupon.template, template.isValid(at: now) else { return nil }
        return PosV1.PosCoupon(
          couponID: coupon.couponID,
          title: template.title,
          templateCode: template.code,
          threshold: template.threshold,
          validBefore: template.validBefore
        )
      }
      token = page.nextPageToken
      if usable.count >= Self.couponsMaximum || token.isEmpty { break }
    }
    return Array(usable.prefix(Self.couponsMaximum))
  }
}
