import AppProto
import Basics
import CommonProto
import MembersProto
import RPC
import ServiceKit

/// The member's own view of the record.
struct Profiles {
  let upstreams: Upstreams
  let requestTimes: RequestTimes

  func profile(_ memberID: String) async throws -> AppV1.Profile {
    let memberID = try FieldChecks.memberID(memberID)
    async let totals = totals(memberID, UpstreamCall.Profiles.totals)
    let response = try await UpstreamCall.Profiles.member {
      try await upstreams.members.getMember(MembersV1.GetMemberRequest(memberID: memberID))
    }
    return try profile(response.member, try await totals)
  }

  func update(_ request: AppV1.UpdateProfileRequest) async throws -> AppV1.Profile {
    let update = try check(request)
    let response = try await UpstreamCall.Profiles.update {
      try await upstreams.members.updateMember(update)
    }
    let totals = try await totals(update.member?.memberID ?? "", UpstreamCall.Profiles.totalsAfterUpdate)
    return try profile(response.member, totals)
  }

  private func check(_ request: AppV1.UpdateProfileRequest) throws -> MembersV1.UpdateMemberRequest {
    var fields = FieldChecks(domain: GatewayReason.domain)
    _ = fields.requestID(request.requestID, requestTimes)
    let profile = fields.required("profile", request.profile) ?? AppV1.Profile()
    let memberID = fields.uuid("profile.member_id", profile.memberID)
    _ = fields.text("profile.etag", profile.etag, ContractLimits.etag)
    let paths = fields.mask("update_mask", request.updateMask?.paths, allowed: ["name", "phone", "attributes"])
    if paths.contains("name") { _ = fields.name("profile.name", profile.name, ContractLimits.memberName) }
    if paths.contains("phone") { _ = fields.text("profile.phone", profile.phone, ContractLimits.phone) }
    if paths.contains("attributes") { _ = fields.attributes("profile.attributes", profile.attributes) }
    try fields.throwIfAny()
    return MembersV1.UpdateMemberRequest(
      requestID: request.requestID,
      member: MembersV1.Member(
        memberID: memberID.text,
        name: profile.name,
        phone: profile.phone,
        attributes: profile.attributes,
        etag: profile.etag
      ),
      updateMask: GoogleProtobuf.FieldMask(paths: paths.sorted())
    )
  }

  private func totals(_ memberID: String, _ call: UpstreamCall) async throws -> MembersV1.PurchaseTotals? {
    try await call {
      try await upstreams.members.getPurchaseTotals(MembersV1.GetPurchaseTotalsRequest(memberID: memberID))
    }.totals
  }

  private func profile(_ member: MembersV1.Member?, _ totals: MembersV1.PurchaseTotals?) throws -> AppV1.Profile {
    guard let member else { throw UpstreamCall.Profiles.member.incomplete }
    return AppV1.Profile(
      memberID: member.memberID,
      name: member.name,
      phone: member.phone,
      cardNumber: member.cardNumber,
      attributes: member.attributes,
      registeredAt: member.registeredAt,
      etag: member.etag,
      purchaseCount: totals?.purchaseCount ?? 0,
      spent: totals?.spent,
      lastPurchaseAt: totals?.lastPurchaseAt
    )
  }
}
