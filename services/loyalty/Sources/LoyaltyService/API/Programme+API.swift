import CommonProto
import LoyaltyProto
import Messages

extension LoyaltyV1.Programme {
  /// The programme as callers see it.
  init(_ programme: Programme) {
    self.init(
      name: programme.name,
      currencyCode: programme.currencyCode,
      earnRule: LoyaltyV1.EarnRule(
        points: programme.earnRule.points,
        perMinorUnits: programme.earnRule.perMinorUnits,
        rounding: LoyaltyV1.Rounding(programme.earnRule.rounding)
      ),
      redeemRule: LoyaltyV1.RedeemRule(
        points: programme.redeemRule.points,
        minorUnits: programme.redeemRule.minorUnits
      ),
      updatedAt: GoogleProtobuf.Timestamp(date: programme.updatedAt),
      etag: programme.etag,
      expiryRule: LoyaltyV1.ExpiryRule(programme.expiryRule),
      pendingDays: programme.pendingDays,
      returnRule: LoyaltyV1.ReturnRule(programme.returnRule)
    )
  }
}

extension LoyaltyV1.ExpiryRule {
  init(_ rule: ExpiryRule) {
    switch rule {
    case .never: self.init()
    case .days(let count): self.init(unit: .days, count: count)
    case .monthEnds(let count): self.init(unit: .monthEnds, count: count)
    case .yearEnds(let count): self.init(unit: .yearEnds, count: count)
    }
  }
}

extension LoyaltyV1.ReturnRule {
  init(_ rule: ReturnRule) {
    self.init()
    switch rule.policy {
    case .pendingOnly: policy = .pendingOnly
    case .withinBalance: policy = .withinBalance
    case .negativeAllowed(let floor): (policy, lowestBalancePoints) = (.negativeAllowed, floor)
    }
    switch rule.restore {
    case .expireAtOnce: restore = .expireAtOnce
    case .grace(let days): (restore, graceDays) = (.grace, days)
    }
    takeGonePoints = rule.takesGone
  }
}

extension Programme {
  /// Names this version of the programme.
  var etag: String { "\(version)" }
}

extension LoyaltyV1.Rounding {
  init(_ rounding: PointsRounding) {
    switch rounding {
    case .down: self = .down
    case .halfUp: self = .halfUp
    case .up: self = .up
    }
  }

  /// The rounding the caller asks for; nil if none is given or it is not known.
  var rounding: PointsRounding? {
    switch self {
    case .down: .down
    case .halfUp: .halfUp
    case .up: .up
    default: nil
    }
  }
}
