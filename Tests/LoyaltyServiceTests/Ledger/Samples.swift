import Basics
import Foundation

@testable import LoyaltyService

extension Programme {
  /// One point a yuan, rounded down; a hundred points pay a yuan.
  static let sample = Programme(
    name: "Points",
    currencyCode: "CNY",
    earnRule: EarnRule(points: 1, perMinorUnits: 100, rounding: .down),
    redeemRule: RedeemRule(points: 100, minorUnits: 100),
    version: 1,
    updatedAt: Date(timeIntervalSince1970: 1_700_000_000)
  )
}

extension LedgerTime {
  /// The first moment of 1970.
  static let sample = LedgerTime(now: Instant(rawValue: 0), today: Day(rawValue: 0))
}

extension Holding {
  /// A member who has earned `points` that never expire.
  static func earned(_ points: Int64) throws -> Holding {
    var holding = Holding.empty
    _ = try holding.earn(points, expiresOn: .never, from: .issued)
    return holding
  }
}

/// A receipt of which the rules alone are tested.
final class SampleReceipt: TillReceipt {}
