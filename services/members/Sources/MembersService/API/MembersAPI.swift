import Basics
import Foundation
import MembersProto
import RPC
import ServiceKit

/// The API of members: validates requests, calls the domain and the store, and translates in both directions.
struct MembersAPI: MembersV1.MembersService, FollowedService {
  let members: MemberStore
  let purchases: PurchaseStore
  let events: EventLog
  let idempotency: Idempotency
  let requestTimes: RequestTimes
  let pages: PageTokens
  /// The limit in bytes of the texts on a page of members.
  let pageBytes: PageBudget
  let clock: WallClock
  let ids: UUIDv7Generator

  func getMember(
    _ request: MembersV1.GetMemberRequest,
    context: ServerContext
  ) async throws -> MembersV1.GetMemberResponse {
    let id = try memberID(request.memberID)
    guard let member = try await members.find(id) else { throw MembersReason.memberNotFound.error() }
    return MembersV1.GetMemberResponse(member: member.message)
  }

  func resolveMember(
    _ request: MembersV1.ResolveMemberRequest,
    context: ServerContext
  ) async throws -> MembersV1.ResolveMemberResponse {
    let identifier = try identifier(request)
    guard let member = try await members.resolve(identifier) else { throw MembersReason.memberNotFound.error() }
    return MembersV1.ResolveMemberResponse(member: member.message)
  }

  /// Validates a member's ID in a request without other fields to validate.
  func memberID(_ text: String) throws -> UUID {
    var fields = FieldChecks(domain: MembersReason.domain)
    let id = fields.uuid("member_id", text)
    try fields.throwIfAny()
    return id
  }

  private func identifier(_ request: MembersV1.ResolveMemberRequest) throws -> Identifier {
    var fields = FieldChecks(domain: MembersReason.domain)
    let identifier = fields.identifier(request)
    try fields.throwIfAny()
    guard let identifier else { throw MembersReason.memberNotFound.error() }
    return identifier
  }
}

extension FieldChecks {
  /// Reads the identifier to find a member by. An empty identifier counts as none.
  fileprivate mutating func identifier(_ request: MembersV1.ResolveMemberRequest) -> Identifier? {
    switch required("identifier", request.identifier) {
    case .phone(let text):
      check(!text.isEmpty, "phone", reason: .required, "fill this field in")
      return phone("phone", text).map(Identifier.phone)
    case .cardNumber(let text):
      check(!text.isEmpty, "card_number", reason: .required, "fill this field in")
      return number("card_number", text, .card).map(Identifier.cardNumber)
    case .wechatOpenid(let text):
      check(!text.isEmpty, "wechat_openid", reason: .required, "fill this field in")
      return number("wechat_openid", text, .wechatOpenid).map(Identifier.wechatOpenid)
    case .externalID(let externalID):
      return self.externalID("external_id", externalID).map(Identifier.externalID)
    case nil:
      return nil
    }
  }
}
