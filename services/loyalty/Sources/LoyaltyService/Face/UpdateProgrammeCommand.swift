import Foundation
import PatronAPI
import ServiceKit

/// A request to change the programme, checked field by field.
struct UpdateProgrammeCommand: Sendable {
  let requestId: UUID
  /// The version that the caller read.
  let etag: String
  let change: ProgrammeChange

  private static let fields: Set<String> = ["name", "currency_code", "earn_rule", "redeem_rule"]

  /// Checks what the mask names; the rest is ignored.
  init(_ request: LoyaltyV1.UpdateProgrammeRequest) throws {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    requestId = fields.requestID(request.requestId)
    let paths = fields.mask("update_mask", request.updateMask?.paths, allowed: Self.fields)
    var change = ProgrammeChange()
    var etag = ""
    if let programme = fields.required("programme", request.programme) {
      etag = fields.text("programme.etag", programme.etag, 1...64)
      if paths.contains("name") { change.name = fields.text("programme.name", programme.name, 1...100) }
      if paths.contains("currency_code") {
        change.currencyCode = fields.currency("programme.currency_code", programme.currencyCode)
      }
      if paths.contains("earn_rule") { change.earnRule = fields.earnRule(programme.earnRule) }
      if paths.contains("redeem_rule") { change.redeemRule = fields.redeemRule(programme.redeemRule) }
    }
    try fields.throwIfAny()
    self.etag = etag
    self.change = change
  }
}

extension FieldChecks {
  fileprivate mutating func earnRule(_ rule: LoyaltyV1.EarnRule?) -> EarnRule? {
    guard let rule = required("programme.earn_rule", rule) else { return nil }
    let rounding = LoyaltyV1.Rounding.allKnownValues.map(\.rawValue).filter { $0 != 0 }
    _ = choice("programme.earn_rule.rounding", rule.rounding.rawValue, among: rounding)
    return EarnRule(
      points: number("programme.earn_rule.points", rule.points, EarnRule.pointsAllowed),
      perMinorUnits: number(
        "programme.earn_rule.per_minor_units",
        rule.perMinorUnits,
        EarnRule.perMinorUnitsAllowed
      ),
      rounding: rule.rounding.rounding ?? .down
    )
  }

  fileprivate mutating func redeemRule(_ rule: LoyaltyV1.RedeemRule?) -> RedeemRule? {
    guard let rule = required("programme.redeem_rule", rule) else { return nil }
    return RedeemRule(
      points: number("programme.redeem_rule.points", rule.points, RedeemRule.pointsAllowed),
      minorUnits: number("programme.redeem_rule.minor_units", rule.minorUnits, RedeemRule.minorUnitsAllowed)
    )
  }
}
