import Basics
import MembersProto
import Postgres
import RPC
import ServiceKit

extension MembersAPI {
  func registerMember(
    _ request: MembersV1.RegisterMemberRequest,
    context: ServerContext
  ) async throws -> MembersV1.RegisterMemberResponse {
    var fields = FieldChecks(domain: MembersReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let profile = request.profile(Set(ProfileField.allCases), &fields)
    let storeID = fields.identifier("registered_store_id", request.registeredStoreID, .store, optional: true)
    if fields.violations.isEmpty {
      _ = fields.value("phone") { () throws(InvalidValue) in try profile.checkIdentifiable() }
    }
    try fields.throwIfAny()

    return try await idempotency.once(requestID, request) { transaction in
      let member = Member(
        registering: profile,
        id: ids.next(),
        storeID: storeID.isEmpty ? nil : storeID,
        at: clock.now
      )
      do {
        try await members.insert(member, in: transaction)
      } catch let taken as IdentifiersTaken {
        throw taken.refusal
      }
      let registered = MembersV1.MemberRegistered(member: member.message)
      try await announce(.memberRegistered(registered), of: member, in: transaction)
      return MembersV1.RegisterMemberResponse(member: member.message)
    }
  }
}
