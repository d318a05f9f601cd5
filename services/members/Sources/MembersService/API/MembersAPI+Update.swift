import Basics
import CommonProto
import Foundation
import MembersProto
import Postgres
import RPC
import ServiceKit

extension MembersAPI {
  func updateMember(
    _ request: MembersV1.UpdateMemberRequest,
    context: ServerContext
  ) async throws -> MembersV1.UpdateMemberResponse {
    var fields = FieldChecks(domain: MembersReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let (id, change) = fields.change(request)
    try fields.throwIfAny()

    return try await idempotency.once(requestID, request) { transaction in
      guard var member = try await members.lock(id, in: transaction) else {
        throw MembersReason.memberNotFound.error()
      }
      let claims = try apply(change, to: &member)
      do {
        try await members.update(member, claims: claims, in: transaction)
      } catch let taken as IdentifiersTaken {
        throw taken.refusal
      }
      let paths = change.fields.map(\.rawValue).sorted()
      let updated = MembersV1.MemberUpdated(
        member: member.message,
        updateMask: GoogleProtobuf.FieldMask(paths: paths)
      )
      try await announce(.memberUpdated(updated), of: member, in: transaction)
      return MembersV1.UpdateMemberResponse(member: member.message)
    }
  }

  private func apply(_ change: Member.Change, to member: inout Member) throws -> Member.Claims {
    do {
      return try member.apply(change, at: clock.now)
    } catch .etagMismatch {
      throw MembersReason.etagMismatch.error(metadata: ["etag": member.etag])
    } catch .invalid(let invalid) {
      var fields = FieldChecks(domain: MembersReason.domain)
      fields.refuse("member", reason: invalid.reason, invalid.sentence)
      try fields.throwIfAny()
      throw MembersReason.etagMismatch.error()
    }
  }
}

extension FieldChecks {
  /// Reads the member to change and the change.
  fileprivate mutating func change(_ request: MembersV1.UpdateMemberRequest) -> (id: UUID, change: Member.Change) {
    let paths = mask(
      "update_mask",
      request.updateMask?.paths,
      allowed: Set(ProfileField.allCases.map(\.rawValue))
    )
    let named = Set(paths.compactMap(ProfileField.init(rawValue:)))
    guard let member = required("member", request.member) else {
      return (.zero, Member.Change(fields: named, values: Profile(), etag: ""))
    }
    let id = uuid("member.member_id", member.memberID)
    check(!member.etag.isEmpty, "member.etag", reason: .required, "send the etag of the member as last read")
    var values = member.profile(named, prefix: "member.", &self)
    if named.contains(.status) { values.status = status("member.status", member.status) }
    return (id, Member.Change(fields: named, values: values, etag: member.etag))
  }
}
