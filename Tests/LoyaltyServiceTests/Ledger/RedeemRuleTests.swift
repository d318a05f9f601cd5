import Testing

@testable import LoyaltyService

@Suite("The redeem rule (L1)")
struct RedeemRuleTests {
  let rule = RedeemRule(points: 100, minorUnits: 50)

  @Test("pays for multiples exactly (L1)", arguments: [(0, 0), (100, 50), (700, 350)])
  func pays(points: Int64, minorUnits: Int64) throws {
    #expect(try rule.minorUnits(for: points) == minorUnits)
  }

  @Test("refuses points that are no multiple, and says of what (L1)", arguments: [1, 99, 101, -100] as [Int64])
  func refusesFractions(points: Int64) {
    #expect(throws: PostingRefusal.pointsNotMultiple(redeemed: points, multiple: 100)) {
      try rule.minorUnits(for: points)
    }
  }

  @Test("refuses a worth that does not fit (M1)")
  func refusesOverflow() {
    let generous = RedeemRule(points: 1, minorUnits: 1_000_000_000)
    #expect(throws: PostingRefusal.tooLarge(.pointsDiscount)) { try generous.minorUnits(for: .max) }
  }
}
