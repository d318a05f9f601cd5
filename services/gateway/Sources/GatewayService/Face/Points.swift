internal import Foundation
internal import PatronAPI
internal import RPC
internal import ServiceKit

/// The member's points. A member whose account has not been opened yet has none.
struct Points {
  let upstreams: Upstreams

  func balance(_ request: AppV1.GetBalanceRequest) async throws -> AppV1.GetBalanceResponse {
    let memberID = try FieldChecks.memberID(request.memberId)
    async let programme = programme()
    var balance = try await upstreams.balance(of: memberID)
    if balance == nil {
      try await requireMember(memberID)
      balance = LoyaltyV1.Balance()
    }
    let points = balance?.points ?? 0
    let worth = PointsWorth.minorUnits(points, rule: try await programme.redeemRule ?? LoyaltyV1.RedeemRule())
    return AppV1.GetBalanceResponse(
      points: points,
      worth: CommonV1.Money(currencyCode: try await programme.currencyCode, minorUnits: worth),
      lifetimePointsEarned: balance?.lifetimePointsEarned ?? 0,
      lifetimePointsRedeemed: balance?.lifetimePointsRedeemed ?? 0
    )
  }

  func entries(_ request: AppV1.ListEntriesRequest) async throws -> AppV1.ListEntriesResponse {
    var fields = FieldChecks(domain: GatewayReason.domain)
    let memberID = fields.uuid("member_id", request.memberId).text
    fields.pageSize(request.pageSize)
    try fields.throwIfAny()
    do {
      let page = try await calling("loyalty") {
        try await upstreams.loyalty.listEntries(
          LoyaltyV1.ListEntriesRequest(memberId: memberID, pageSize: request.pageSize, pageToken: request.pageToken)
        )
      }
      return AppV1.ListEntriesResponse(entries: page.entries.map(AppV1.Entry.init), nextPageToken: page.nextPageToken)
    } catch let error as RPCError where error.isAccountNotFound {
      try await requireMember(memberID)
      return AppV1.ListEntriesResponse()
    }
  }

  private func programme() async throws -> LoyaltyV1.Programme {
    try await calling("loyalty") {
      try await upstreams.loyalty.getProgramme(LoyaltyV1.GetProgrammeRequest())
    }.programme ?? LoyaltyV1.Programme()
  }

  private func requireMember(_ memberID: String) async throws {
    _ = try await upstreams.member(UUID(uuidString: memberID) ?? .zero)
  }
}

extension AppV1.Entry {
  /// The entry as the member sees it.
  init(_ entry: LoyaltyV1.Entry) {
    let kind: AppV1.EntryKind =
      switch entry.type {
      case .earn: .earned
      case .redeem: .redeemed
      case .earnReversal: .earningReversed
      case .redeemReversal: .redemptionReversed
      default: .unspecified
      }
    self.init(
      entryId: entry.entryId,
      kind: kind,
      points: entry.points,
      balancePoints: entry.balancePoints,
      storeId: entry.storeId,
      receiptNumber: entry.receiptNumber,
      recordedAt: entry.recordedAt
    )
  }
}
