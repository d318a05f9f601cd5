import AppProto
import Basics
import Foundation
import LoyaltyProto
import RPC
import ServiceKit

/// Returns the member's points and stored values. A member without an account has none.
struct Points {
  let upstreams: Upstreams

  func balance(_ request: AppV1.GetBalanceRequest) async throws -> AppV1.GetBalanceResponse {
    var fields = FieldChecks(domain: GatewayReason.domain)
    let memberID = fields.uuid("member_id", request.memberID)
    _ = fields.text("asset", request.asset, ContractLimits.assetCode)
    try fields.throwIfAny()
    typealias Calls = UpstreamCall.Balance
    async let unit = unit(of: request.asset, Calls.assets, Calls.programme)
    let known = try await upstreams.balance(of: memberID.text, asset: request.asset, Calls.balance)
    if known == nil { _ = try await upstreams.member(memberID, Calls.member) }
    return AppV1.GetBalanceResponse(known ?? LoyaltyV1.Balance(), in: try await unit)
  }

  func entries(_ request: AppV1.ListEntriesRequest) async throws -> AppV1.ListEntriesResponse {
    var fields = FieldChecks(domain: GatewayReason.domain)
    let memberID = fields.uuid("member_id", request.memberID)
    fields.pageSize(request.pageSize)
    _ = fields.text("asset", request.asset, ContractLimits.assetCode)
    try fields.throwIfAny()
    typealias Calls = UpstreamCall.Entries
    async let unit = unit(of: request.asset, Calls.assets, nil)
    do {
      let page = try await Calls.entries {
        try await upstreams.loyalty.listEntries(
          LoyaltyV1.ListEntriesRequest(
            memberID: memberID.text,
            pageSize: request.pageSize,
            pageToken: request.pageToken,
            asset: request.asset.isEmpty ? AssetUnit.pointsCode : request.asset
          )
        )
      }
      let known = try await unit
      return AppV1.ListEntriesResponse(
        entries: page.entries.map { AppV1.Entry($0, in: known) },
        nextPageToken: page.nextPageToken
      )
    } catch let error as RPCError where error.isAccountNotFound {
      _ = try await unit
      _ = try await upstreams.member(memberID, Calls.member)
      return AppV1.ListEntriesResponse()
    }
  }

  /// Returns the unit of an asset.
  ///
  /// - Parameter programme: The call for the programme's rule. Nil if the points' worth is not needed.
  private func unit(of code: String, _ assets: UpstreamCall, _ programme: UpstreamCall?) async throws -> AssetUnit {
    if code.isEmpty || code == AssetUnit.pointsCode {
      guard let programme else { return .points(AssetUnit.pointsCode, nil) }
      return .points(
        AssetUnit.pointsCode,
        try await programme { try await upstreams.loyalty.getProgramme(LoyaltyV1.GetProgrammeRequest()) }.programme
      )
    }
    let known = try await assets { try await upstreams.loyalty.listAssets(LoyaltyV1.ListAssetsRequest()) }.assets
    guard let asset = known.first(where: { $0.code == code }) else {
      throw GatewayReason.assetNotFound.error(metadata: ["asset": code])
    }
    return asset.kind == .money ? .money(code, currencyCode: asset.currencyCode) : .points(code, nil)
  }
}
