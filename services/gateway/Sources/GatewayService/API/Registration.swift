import Foundation
import MembersProto
import PosProto
import RPC
import ServiceKit

/// Registers a member and opens the points account. Both services recognise the request's ID, so it may be repeated
/// from any step.
struct Registration {
  let upstreams: Upstreams
  let requestTimes: RequestTimes

  func register(_ request: PosV1.RegisterMemberRequest) async throws -> PosV1.RegisterMemberResponse {
    let requestID = try check(request)
    let member = try await UpstreamCall.Registration.register {
      try await upstreams.members.registerMember(registration(request))
    }.member
    guard let member, let memberID = UUID(uuidString: member.memberID) else {
      throw UpstreamCall.Registration.register.incomplete
    }
    try await upstreams.openAccount(of: memberID, for: requestID, UpstreamCall.Registration.openAccount)
    return PosV1.RegisterMemberResponse(member: PosV1.PosMember(member))
  }

  private func check(_ request: PosV1.RegisterMemberRequest) throws -> UUID {
    var fields = FieldChecks(domain: GatewayReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    _ = fields.name("name", request.name, ContractLimits.memberName)
    _ = fields.text("phone", request.phone, ContractLimits.phone)
    _ = fields.identifier("card_number", request.cardNumber, .card, optional: true)
    _ = fields.identifier("wechat_openid", request.wechatOpenid, .wechatOpenid, optional: true)
    _ = fields.identifier("external_source", request.externalSource, .externalSource, optional: true)
    _ = fields.identifier("external_id", request.externalID, .externalID, optional: true)
    _ = fields.identifier("store_id", request.storeID, .store, optional: true)
    if request.externalSource.isEmpty != request.externalID.isEmpty {
      let missing = request.externalID.isEmpty ? "external_id" : "external_source"
      fields.refuse(missing, reason: .required, "give both external_source and external_id, or neither")
    }
    if [request.phone, request.cardNumber, request.wechatOpenid, request.externalID].allSatisfy(\.isEmpty) {
      fields.refuse(
        "phone",
        reason: FieldReason.identifierRequired,
        "give at least one of phone, card_number, wechat_openid and external_id"
      )
    }
    _ = fields.attributes("attributes", request.attributes)
    try fields.throwIfAny()
    return requestID
  }

  private func registration(_ request: PosV1.RegisterMemberRequest) -> MembersV1.RegisterMemberRequest {
    let externalIDs =
      request.externalID.isEmpty
      ? [] : [MembersV1.ExternalID(source: request.externalSource, value: request.externalID)]
    return MembersV1.RegisterMemberRequest(
      requestID: request.requestID,
      name: request.name,
      phone: request.phone,
      cardNumber: request.cardNumber,
      wechatOpenid: request.wechatOpenid,
      externalIDs: externalIDs,
      registeredStoreID: request.storeID,
      attributes: request.attributes
    )
  }
}
