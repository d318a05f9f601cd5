import LoyaltyProto
import Testing

@testable import GatewayService

@Suite("What points are worth")
struct PointsWorthTests {
  @Test(
    "only whole multiples of the rule's points count",
    arguments: [(Int64(0), Int64(0)), (99, 0), (100, 150), (250, 300), (-100, 0)]
  )
  func multiples(points: Int64, worth: Int64) {
    #expect(PointsWorth.minorUnits(points, rule: LoyaltyV1.RedeemRule(points: 100, minorUnits: 150)) == worth)
  }

  @Test("a sum beyond all money is the largest amount there is")
  func overflow() {
    #expect(PointsWorth.minorUnits(.max, rule: LoyaltyV1.RedeemRule(points: 1, minorUnits: 2)) == .max)
  }

  @Test("without a rule they are worth nothing")
  func noRule() {
    #expect(PointsWorth.minorUnits(100, rule: LoyaltyV1.RedeemRule()) == 0)
  }
}
