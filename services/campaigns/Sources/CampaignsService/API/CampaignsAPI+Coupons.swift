import Basics
import CampaignsProto
import CommonProto
import FollowedMembers
import Foundation
import Messages
import Postgres
import RPC
import ServiceKit

extension CampaignsAPI {
  func issueCoupon(
    _ request: CampaignsV1.IssueCouponRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.IssueCouponResponse {
    var fields = FieldChecks(domain: CampaignsReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let memberID = fields.uuid("member_id", request.memberID)
    let templateID = fields.uuid("template_id", request.templateID)
    let issuedAt = request.issuedAt.map { fields.timestamp("issued_at", $0, latest: clock.now) }
    try fields.throwIfAny()

    return try await members.asking {
      try await idempotency.once(requestID, request) { transaction in
        let now = clock.now
        let coupon = Coupon(
          couponID: ids.next(),
          memberID: memberID,
          template: try await template(templateID, toGive: memberID, at: issuedAt ?? now, in: transaction),
          issuedAt: issuedAt ?? now
        )
        try await coupons.insert(coupon, in: transaction)
        let answer = CampaignsV1.Coupon(coupon)
        let event = CampaignsV1.CampaignEvent(
          recordedAt: GoogleProtobuf.Timestamp(date: now),
          kind: .couponIssued(CampaignsV1.CouponIssued(coupon: answer))
        )
        try await events.append(event, key: memberID.text, in: transaction)
        return CampaignsV1.IssueCouponResponse(coupon: answer)
      }
    }
  }

  /// Returns the template of a coupon to give to a member. Throws if there is none, if it had ended at the time of
  /// issue, or if the member may not get coupons.
  private func template(
    _ templateID: UUID,
    toGive memberID: UUID,
    at issue: Date,
    in transaction: Transaction
  ) async throws -> CouponTemplate {
    guard let (template, standing) = try await templates.template(templateID, toGive: memberID, in: transaction) else {
      throw CampaignsReason.templateNotFound.error(metadata: ["template_id": templateID.text])
    }
    if let end = template.terms.validBefore, end <= issue {
      throw CampaignsReason.templateEnded.error(metadata: [
        "template_id": templateID.text, "valid_before": end.ISO8601Format(),
      ])
    }
    try requireCoupons(for: memberID, in: try members.standing(standing, of: memberID))
    return template
  }

  /// Throws when the member may neither get nor use coupons.
  func requireCoupons(for memberID: UUID, in standing: MemberStanding) throws {
    guard !suspendedCoupons.allows(standing) else { return }
    throw CampaignsReason.memberSuspended.error(metadata: ["member_id": memberID.text])
  }

  func listCoupons(
    _ request: CampaignsV1.ListCouponsRequest,
    context: ServerContext
  ) async throws -> CampaignsV1.ListCouponsResponse {
    var fields = FieldChecks(domain: CampaignsReason.domain)
    let memberID = fields.uuid("member_id", request.memberID)
    fields.choice("status", request.status, optional: true)
    try fields.throwIfAny()
    let page = try pages.page(request, size: \.pageSize, token: \.pageToken, domain: CampaignsReason.domain)

    let rows = try await coupons.coupons(
      of: memberID,
      status: request.status.status,
      before: try page.position?.uuid(0),
      limit: page.size + 1
    )
    let (shown, nextToken) = page.cut(rows) { PagePosition([.uuid($0.couponID)]) }
    return CampaignsV1.ListCouponsResponse(
      coupons: shown.map { CampaignsV1.Coupon($0) },
      nextPageToken: nextToken
    )
  }
}
