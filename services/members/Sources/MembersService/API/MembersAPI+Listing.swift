import Foundation
import MembersProto
import RPC
import ServiceKit

extension MembersAPI {
  func listMembers(
    _ request: MembersV1.ListMembersRequest,
    context: ServerContext
  ) async throws -> MembersV1.ListMembersResponse {
    var fields = FieldChecks(domain: MembersReason.domain)
    let filter = fields.filter(request)
    try fields.throwIfAny()
    let page = try pages.page(request, size: \.pageSize, token: \.pageToken, domain: MembersReason.domain)
    let position = try page.position?.timeAndID(domain: MembersReason.domain)

    let found = try await members.list(filter, after: position.map(MemberStore.Position.init), limit: page.size + 1)
    let messages = found.prefix(page.size).map(\.message)
    let count = pageBytes.count(of: messages.lazy.map(\.textBytes))
    let (shown, nextToken) = page.cut(found, fitting: count) { PagePosition($0.registeredAt, $0.id) }
    return MembersV1.ListMembersResponse(
      members: Array(messages.prefix(shown.count)),
      nextPageToken: nextToken
    )
  }
}

extension FieldChecks {
  fileprivate mutating func filter(_ request: MembersV1.ListMembersRequest) -> MemberFilter {
    var filter = MemberFilter()
    if request.status != .unspecified { filter.status = status("status", request.status) }
    let storeID = identifier("registered_store_id", request.registeredStoreID, .store, optional: true)
    filter.registeredStoreID = storeID.isEmpty ? nil : storeID
    let prefix = text("name_prefix", request.namePrefix, ContractLimits.memberName)
      .precomposedStringWithCanonicalMapping
    filter.names = prefix.isEmpty ? nil : NameRange(prefix: prefix)
    filter.registeredFrom = request.registeredFrom.map { timestamp("registered_from", $0) }
    filter.registeredBefore = request.registeredBefore.map { timestamp("registered_before", $0) }
    return filter
  }
}

extension MembersV1.Member {
  /// The size in bytes of the texts that may be long.
  fileprivate var textBytes: Int {
    attributes.reduce(name.utf8.count) { $0 + $1.key.utf8.count + $1.value.utf8.count }
      + externalIDs.reduce(256) { $0 + $1.source.utf8.count + $1.value.utf8.count }
  }
}
