import Foundation
import Postgres

extension Programme {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    programme.name, programme.currency_code, programme.earn_points, programme.earn_per_minor_units, \
    programme.earn_rounding, programme.redeem_points, programme.redeem_minor_units, \
    programme.expiry_unit, programme.expiry_count, programme.pending_days, programme.return_policy, \
    programme.lowest_balance, programme.restore_grace_days, programme.return_takes_gone, programme.version, programme.updated_at
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws -> Programme {
    Programme(
      name: try row.next(),
      currencyCode: try row.next(),
      earnRule: EarnRule(points: try row.next(), perMinorUnits: try row.next(), rounding: try row.next()),
      redeemRule: RedeemRule(points: try row.next(), minorUnits: try row.next()),
      expiryRule: try ExpiryRule(unit: try row.next(), count: try row.next()),
      pendingDays: try row.next(),
      returnRule: try ReturnRule(
        policy: try row.next(),
        lowestBalance: try row.next(),
        graceDays: try row.next(),
        takesGone: try row.next()
      ),
      version: try row.next(),
      updatedAt: try row.next()
    )
  }
}

extension ExpiryRule {
  /// The rule as it is stored.
  init(unit: Int16, count: Int32) throws(BrokenInvariant) {
    switch unit {
    case 0: self = .never
    case 1: self = .days(count)
    case 2: self = .monthEnds(count)
    case 3: self = .yearEnds(count)
    default: throw BrokenInvariant("there is no unit \(unit) of expiry")
    }
  }

  /// What is stored for it.
  var stored: (unit: Int16, count: Int32) {
    switch self {
    case .never: (0, 0)
    case .days(let count): (1, count)
    case .monthEnds(let count): (2, count)
    case .yearEnds(let count): (3, count)
    }
  }
}

extension ReturnRule {
  /// The rule as it is stored.
  init(policy: Int16, lowestBalance: Int64, graceDays: Int32?, takesGone: Bool) throws(BrokenInvariant) {
    self.takesGone = takesGone
    restore = graceDays.map { .grace(days: $0) } ?? .expireAtOnce
    switch policy {
    case 1: self.policy = .pendingOnly
    case 2: self.policy = .withinBalance
    case 3: self.policy = .negativeAllowed(floor: lowestBalance)
    default: throw BrokenInvariant("there is no return policy \(policy)")
    }
  }

  /// What is stored for it.
  var stored: (policy: Int16, lowestBalance: Int64, graceDays: Int32?) {
    let graceDays: Int32? = if case .grace(let days) = restore { days } else { nil }
    return switch policy {
    case .pendingOnly: (1, 0, graceDays)
    case .withinBalance: (2, 0, graceDays)
    case .negativeAllowed(let floor): (3, floor, graceDays)
    }
  }
}
