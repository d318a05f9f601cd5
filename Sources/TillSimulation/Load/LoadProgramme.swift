package import LoyaltyProto

/// What the load must know of the points programme.
package struct LoadProgramme: Codable, Hashable, Sendable {
  package var currencyCode: String
  /// Points earned for every ``earnPerMinorUnits``.
  var earnPoints: Int64
  var earnPerMinorUnits: Int64
  /// Points are redeemed in multiples of this …
  var redeemPoints: Int64
  /// … each worth this much.
  var redeemMinorUnits: Int64

  /// The code of the stored value in the programme's currency, such as stored_cny.
  package var storedValueAsset: String { "stored_\(currencyCode.lowercased())" }
}

extension LoadProgramme {
  /// Asks the points service.
  package init(_ client: LoyaltyV1.LoyaltyServiceClient) async throws {
    let response = try await client.getProgramme(LoyaltyV1.GetProgrammeRequest())
    guard let programme = response.programme, let earn = programme.earnRule, let redeem = programme.redeemRule else {
      throw LoadError("The points service has no programme.")
    }
    currencyCode = programme.currencyCode
    earnPoints = earn.points
    earnPerMinorUnits = max(1, earn.perMinorUnits)
    redeemPoints = max(1, redeem.points)
    redeemMinorUnits = max(1, redeem.minorUnits)
  }
}
