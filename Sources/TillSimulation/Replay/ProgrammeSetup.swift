import CommonProto
import LocalSuite
import LoyaltyProto
import RPC

/// Makes the points programme count in the currency of the recorded receipts. That can be done until the first order.
struct ProgrammeSetup: Sendable {
  let clients: SuiteClients
  let patience: Patience

  /// The programme as it then is.
  func run() async throws -> LoyaltyV1.Programme {
    let response = try await patience.call { options in
      try await clients.loyalty.getProgramme(LoyaltyV1.GetProgrammeRequest(), options: options)
    }
    guard var programme = response.programme else { throw SuiteError("loyalty has no programme.") }
    guard programme.currencyCode != ReplayPlan.currencyCode else { return programme }
    programme.currencyCode = ReplayPlan.currencyCode
    let request = LoyaltyV1.UpdateProgrammeRequest(
      requestID: DerivedIdentifier.text(at: PlannedHousehold.registeredAt, name: "programme/\(programme.etag)"),
      programme: programme,
      updateMask: GoogleProtobuf.FieldMask(paths: ["currency_code"])
    )
    do {
      return try await patience.call { options in
        try await clients.loyalty.updateProgramme(request, options: options)
      }.programme ?? programme
    } catch let error as RPCError where !Patience.mayPass(error.code) {
      throw SuiteError(
        "The recorded receipts are in \(ReplayPlan.currencyCode), and the programme's currency can't be changed any more: "
          + error.message
      )
    }
  }
}

/// How many points a receipt earns, worked out here as well so that a replay can check the ledger.
struct PointsRule: Hashable, Sendable {
  var points: Int64
  var perMinorUnits: Int64
  var rounding: LoyaltyV1.Rounding

  init(_ rule: LoyaltyV1.EarnRule) {
    points = rule.points
    perMinorUnits = max(1, rule.perMinorUnits)
    rounding = rule.rounding
  }

  /// The points for what was paid.
  func points(for paidMinorUnits: Int64) -> Int64 {
    let product = paidMinorUnits * points
    let (whole, rest) = product.quotientAndRemainder(dividingBy: perMinorUnits)
    switch rounding {
    case .halfUp: return rest >= perMinorUnits - rest ? whole + 1 : whole
    case .up: return rest > 0 ? whole + 1 : whole
    default: return whole
    }
  }
}
