import LoyaltyTestSupport
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The earn rule (L5)")
struct EarnRuleTests {
  @Test(
    "rounds the fraction of a point as the rule says (L1)",
    arguments: [
      (199, PointsRounding.down, 1), (149, .halfUp, 1), (150, .halfUp, 2), (151, .halfUp, 2),
      (101, .up, 2), (100, .up, 1), (0, .up, 0), (99, .down, 0),
    ] as [(Int64, PointsRounding, Int64)]
  )
  func rounds(payable: Int64, rounding: PointsRounding, points: Int64) throws {
    let rule = EarnRule(points: 1, perMinorUnits: 100, rounding: rounding)
    #expect(try rule.points(earnedOn: payable) == points)
  }

  @Test("rounds half a point up for an odd amount per point too (L1)", arguments: [(1, 0), (2, 1), (4, 1), (5, 2)])
  func roundsOddDenominators(payable: Int64, points: Int64) throws {
    let rule = EarnRule(points: 1, perMinorUnits: 3, rounding: .halfUp)
    #expect(try rule.points(earnedOn: payable) == points)
  }

  @Test("a rule of no points earns nothing (L5)")
  func earnsNothing() throws {
    let rule = EarnRule(points: 0, perMinorUnits: 1, rounding: .up)
    #expect(try rule.points(earnedOn: .max) == 0)
  }

  @Test("takes the product in more than 64 bits when the result fits (M1)")
  func widens() throws {
    let rule = EarnRule(points: 1_000_000, perMinorUnits: 1_000_000_000, rounding: .down)
    #expect(try rule.points(earnedOn: .max) == .max / 1_000)
  }

  @Test("refuses points that do not fit instead of wrapping around (M1)")
  func refusesOverflow() {
    let rule = EarnRule(points: 2, perMinorUnits: 1, rounding: .down)
    #expect(throws: PostingRefusal.tooLarge(.pointsEarned)) { try rule.points(earnedOn: .max) }
  }

  @Test("property: rounding differs from the exact quotient by less than a point and never the wrong way (L1)")
  func roundingIsClose() throws {
    let seed = PropertySeed("earn rounding")
    var random = seed.random
    for _ in 0..<2_000 {
      let points = Int64.random(in: EarnRule.pointsAllowed, using: &random)
      let per = Int64.random(in: EarnRule.perMinorUnitsAllowed, using: &random)
      let payable = Int64.random(in: 0...1_000_000_000_000, using: &random)
      let exact = Int128(payable) * Int128(points)
      for rounding in PointsRounding.allCases {
        let earned = try EarnRule(points: points, perMinorUnits: per, rounding: rounding).points(earnedOn: payable)
        let difference = Int128(earned) * Int128(per) - exact
        switch rounding {
        case .down: #expect(difference <= 0 && -difference < Int128(per), "\(seed)")
        case .up: #expect(difference >= 0 && difference < Int128(per), "\(seed)")
        case .halfUp: #expect(-difference * 2 < Int128(per) && difference * 2 <= Int128(per), "\(seed)")
        }
      }
    }
  }
}
