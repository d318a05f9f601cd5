import Foundation
import LoyaltyProto
import RPC
import ServiceKit

extension LoyaltyAPI {
  func listAssets(
    _ request: LoyaltyV1.ListAssetsRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ListAssetsResponse {
    .init(assets: try await assets.all().map { LoyaltyV1.Asset($0) })
  }

  func createAsset(
    _ request: LoyaltyV1.CreateAssetRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.CreateAssetResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let requestID = fields.requestID(request.requestID, requestTimes)
    let asset = fields.required("asset", request.asset) ?? .init()
    let isShort = ContractLimits.assetCode ~= asset.code.utf8.count
    fields.check(
      isShort && asset.code.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil,
      "asset.code",
      reason: FieldReason.notACode,
      "begin with a small letter; then small letters, digits, _"
    )
    fields.choice("asset.kind", asset.kind)
    var kind = Asset.Kind.points
    if asset.kind == .money {
      kind = .money(currencyCode: fields.currency("asset.currency_code", asset.currencyCode))
    } else {
      let isEmpty = asset.currencyCode.isEmpty
      fields.check(isEmpty, "asset.currency_code", reason: FieldReason.notEmpty, "leave it empty for points")
    }
    try fields.throwIfAny()
    return try await idempotency.once(requestID, request) { transaction in
      guard let added = try await assets.add(asset.code, kind, in: transaction) else {
        guard try await assets.asset(asset.code) == nil else {
          throw LoyaltyReason.assetExists.error(metadata: ["asset": asset.code])
        }
        throw LoyaltyReason.tooManyAssets.error(metadata: ["allowed": "\(AssetStore.countMaximum)"])
      }
      return LoyaltyV1.CreateAssetResponse(asset: LoyaltyV1.Asset(added))
    }
  }
}

extension LoyaltyV1.Asset {
  /// An asset as callers see it.
  init(_ asset: Asset) {
    switch asset.kind {
    case .points: self.init(code: asset.code, kind: .points)
    case .money(let currencyCode): self.init(code: asset.code, kind: .money, currencyCode: currencyCode)
    }
  }
}
