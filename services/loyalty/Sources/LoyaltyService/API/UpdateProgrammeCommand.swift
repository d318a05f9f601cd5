import CommonProto
import Foundation
import LoyaltyProto
import ServiceKit

/// A request to change the programme, validated field by field.
struct UpdateProgrammeCommand: Sendable {
  let requestID: UUID
  /// The version that the caller read.
  let etag: String
  let change: ProgrammeChange

  private static let fields: Set<String> = [
    "name", "currency_code", "earn_rule", "redeem_rule", "expiry_rule", "pending_days", "return_rule",
  ]

  /// Validates what the mask names; the rest is ignored.
  init(_ request: LoyaltyV1.UpdateProgrammeRequest, times: RequestTimes) throws {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    requestID = fields.requestID(request.requestID, times)
    let paths = fields.mask("update_mask", request.updateMask?.paths, allowed: Self.fields)
    var change = ProgrammeChange()
    var etag = ""
    if let programme = fields.required("programme", request.programme) {
      etag = fields.text("programme.etag", programme.etag, ContractLimits.etag)
      if paths.contains("name") { change.name = fields.name("programme.name", programme.name, ContractLimits.title) }
      if paths.contains("currency_code") {
        change.currencyCode = fields.currency("programme.currency_code", programme.currencyCode)
      }
      if paths.contains("earn_rule") { change.earnRule = fields.earnRule(programme.earnRule) }
      if paths.contains("redeem_rule") { change.redeemRule = fields.redeemRule(programme.redeemRule) }
      if paths.contains("expiry_rule") { change.expiryRule = fields.expiryRule(programme.expiryRule) }
      if paths.contains("pending_days") {
        change.pendingDays = fields.number(
          "programme.pending_days",
          programme.pendingDays,
          Programme.pendingDaysAllowed
        )
      }
      if paths.contains("return_rule") { change.returnRule = fields.returnRule(programme.returnRule) }
    }
    try fields.throwIfAny()
    self.etag = etag
    self.change = change
  }
}

extension FieldChecks {
  fileprivate mutating func earnRule(_ rule: LoyaltyV1.EarnRule?) -> EarnRule? {
    guard let rule = required("programme.earn_rule", rule) else { return nil }
    choice("programme.earn_rule.rounding", rule.rounding)
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

  /// A rule that is left out means that points never expire.
  fileprivate mutating func expiryRule(_ rule: LoyaltyV1.ExpiryRule?) -> ExpiryRule {
    guard let rule else { return .never }
    choice("programme.expiry_rule.unit", rule.unit, optional: true)
    let count = number("programme.expiry_rule.count", rule.count, ExpiryRule.countAllowed)
    switch rule.unit {
    case .days: return .days(count)
    case .monthEnds: return .monthEnds(count)
    case .yearEnds: return .yearEnds(count)
    default: return .never
    }
  }

  fileprivate mutating func returnRule(_ rule: LoyaltyV1.ReturnRule?) -> ReturnRule? {
    guard let rule = required("programme.return_rule", rule) else { return nil }
    choice("programme.return_rule.policy", rule.policy)
    choice("programme.return_rule.restore", rule.restore)
    let lowest = number(
      "programme.return_rule.lowest_balance_points",
      rule.lowestBalancePoints,
      ReturnRule.lowestBalanceAllowed
    )
    let graceDays = number("programme.return_rule.grace_days", rule.graceDays, ReturnRule.graceDaysAllowed)
    let policy: ReturnPolicy =
      switch rule.policy {
      case .pendingOnly: .pendingOnly
      case .negativeAllowed: .negativeAllowed(floor: lowest)
      default: .withinBalance
      }
    return ReturnRule(
      policy: policy,
      restore: rule.restore == .grace ? .grace(days: graceDays) : .expireAtOnce,
      takesGone: rule.takeGonePoints
    )
  }
}
