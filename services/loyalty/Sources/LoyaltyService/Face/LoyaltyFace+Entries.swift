import Foundation
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyFace {
  func listEntries(
    _ request: LoyaltyV1.ListEntriesRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ListEntriesResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let memberId = fields.uuid("member_id", request.memberId)
    try fields.throwIfAny()
    let page = try pages.page(request, size: \.pageSize, token: \.pageToken, domain: LoyaltyReason.domain)

    let rows = try await accounts.entries(
      of: memberId,
      before: try page.position?.int64(0),
      limit: page.size + 1
    )
    if rows.isEmpty, page.position == nil,
      try await balances.account(AccountKey(member: memberId, asset: .points)) == nil
    {
      throw LoyaltyReason.accountNotFound.error(metadata: ["member_id": memberId.text])
    }
    let shown = rows.prefix(page.size)
    let last = rows.count > page.size ? shown.last.map { PagePosition([.int64($0.row.entry.sequence)]) } : nil
    return LoyaltyV1.ListEntriesResponse(
      entries: shown.map { LoyaltyV1.Entry($0) },
      nextPageToken: page.next(last)
    )
  }
}
