import Foundation
import Postgres

/// The columns of `programme`, which has one row.
enum ProgrammeColumn: Int, TableColumn {
  case name, currencyCode, earnPoints, earnPerMinorUnits, earnRounding, redeemPoints, redeemMinorUnits
  case expiryUnit, expiryCount, pendingDays, returnPolicy, lowestBalance, restoreGraceDays, returnTakesGone
  case version, updatedAt

  /// What is read of the programme.
  static let read = name...updatedAt
}

extension Programme {
  /// The columns that are read of the programme.
  static let columns: SQL = ProgrammeColumn.list(ProgrammeColumn.read, of: "programme")

  /// Reads the programme, of which the row has ``columns``.
  init(_ row: Row) throws {
    let column = ColumnReader(row, ProgrammeColumn.read)
    self.init(
      name: try column(.name),
      currencyCode: try column(.currencyCode),
      earnRule: EarnRule(
        points: try column(.earnPoints),
        perMinorUnits: try column(.earnPerMinorUnits),
        rounding: try column(.earnRounding)
      ),
      redeemRule: RedeemRule(points: try column(.redeemPoints), minorUnits: try column(.redeemMinorUnits)),
      expiryRule: try ExpiryRule(unit: try column(.expiryUnit), count: try column(.expiryCount)),
      pendingDays: try column(.pendingDays),
      returnRule: try ReturnRule(
        policy: try column(.returnPolicy),
        lowestBalance: try column(.lowestBalance),
        graceDays: try column(.restoreGraceDays),
        takesGone: try column(.returnTakesGone)
      ),
      version: try column(.version),
      updatedAt: try column(.updatedAt)
    )
  }

  /// What a column is.
  func value(of column: ProgrammeColumn) -> SQL {
    switch column {
    case .name: "\(name)"
    case .currencyCode: "\(currencyCode)"
    case .earnPoints: "\(earnRule.points)"
    case .earnPerMinorUnits: "\(earnRule.perMinorUnits)"
    case .earnRounding: "\(earnRule.rounding)"
    case .redeemPoints: "\(redeemRule.points)"
    case .redeemMinorUnits: "\(redeemRule.minorUnits)"
    case .expiryUnit: "\(expiryRule.stored.unit)"
    case .expiryCount: "\(expiryRule.stored.count)"
    case .pendingDays: "\(pendingDays)"
    case .returnPolicy: "\(returnRule.stored.policy)"
    case .lowestBalance: "\(returnRule.stored.lowestBalance)"
    case .restoreGraceDays: "\(returnRule.stored.graceDays)"
    case .returnTakesGone: "\(returnRule.takesGone)"
    case .version: "\(version)"
    case .updatedAt: "\(updatedAt)"
    }
  }
}

extension ExpiryRule {
  /// The rule as it is stored.
  fileprivate init(unit: Int16, count: Int32) throws(BrokenInvariant) {
    switch unit {
    case 0: self = .never
    case 1: self = .days(count)
    case 2: self = .monthEnds(count)
    case 3: self = .yearEnds(count)
    default: throw BrokenInvariant("there is no unit \(unit) of expiry")
    }
  }

  /// What is stored for it.
  fileprivate var stored: (unit: Int16, count: Int32) {
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
  fileprivate init(policy: Int16, lowestBalance: Int64, graceDays: Int32?, takesGone: Bool) throws(BrokenInvariant) {
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
  fileprivate var stored: (policy: Int16, lowestBalance: Int64, graceDays: Int32?) {
    let graceDays: Int32? = if case .grace(let days) = restore { days } else { nil }
    return switch policy {
    case .pendingOnly: (1, 0, graceDays)
    case .withinBalance: (2, 0, graceDays)
    case .negativeAllowed(let floor): (3, floor, graceDays)
    }
  }
}

extension PointsRounding: PostgresCodable {}
