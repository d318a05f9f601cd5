import LoyaltyProto
import Testing

@testable import TillSimulation

@Suite("Points of a receipt")
struct PointsRuleTests {
  private func points(_ paid: Int64, _ rounding: LoyaltyV1.Rounding, _ points: Int64 = 1, _ per: Int64 = 100) -> Int64 {
    PointsRule(LoyaltyV1.EarnRule(points: points, perMinorUnits: per, rounding: rounding)).points(for: paid)
  }

  @Test("a fraction is dropped, rounded or raised, as the programme says")
  func rounding() {
    #expect([0, 99, 100, 149, 150, 199].map { points($0, .down) } == [0, 0, 1, 1, 1, 1])
    #expect([0, 49, 50, 149, 150, 199].map { points($0, .halfUp) } == [0, 0, 1, 1, 2, 2])
    #expect([0, 1, 100, 101, 199, 200].map { points($0, .up) } == [0, 1, 1, 2, 2, 2])
  }

  @Test("points come in proportion")
  func proportion() {
    #expect(points(250, .down, 3, 100) == 7)
    #expect(points(250, .down, 0, 100) == 0)
  }
}
