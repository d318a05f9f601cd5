internal import PatronAPI
internal import RPC

/// Sees to it that there is a stored value for the members of a load, before it begins.
struct StoredValueOpening: Sendable {
  let programme: LoadProgramme
  let client: LoyaltyV1.LoyaltyServiceClient
  private let patience = Patience(total: .seconds(60))

  init(_ programme: LoadProgramme, client: LoyaltyV1.LoyaltyServiceClient) {
    self.programme = programme
    self.client = client
  }

  /// Adds it if it is missing. The request's id follows from its code, so two loads that begin together add it once.
  func open() async throws {
    let code = programme.storedValueAsset
    let assets = try await patience.call { try await client.listAssets(.init(), options: $0) }.assets
    guard !assets.contains(where: { $0.code == code }) else { return }
    let request = LoyaltyV1.CreateAssetRequest(
      requestId: DerivedIdentifier.text(at: MemberRange.openedAt, name: "load/asset/\(code)"),
      asset: LoyaltyV1.Asset(code: code, kind: .money, currencyCode: programme.currencyCode)
    )
    _ = try await patience.call { try await client.createAsset(request, options: $0) }
  }
}
