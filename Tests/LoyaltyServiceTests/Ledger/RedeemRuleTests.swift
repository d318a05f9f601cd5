import Testing

@testable import LoyaltyService

@Suite("L1 The redeem rule")
struct RedeemRuleTests {
  let rule = RedeemRule(points: 100, minorUnits: 50)

  @Test("L1 pays for multiples exactly", arguments: [(0, 0), (100, 50), (700, 350)])
  func pays(points: Int64, minorUnits: Int64) throws {
    #expect(try rule.minorUnits(for: points) == minorUnits)
  }

  @Test("L1 refuses points that are no multiple, and says of what", arguments: [1, 99, 101, -100] as [Int64])
  func refusesFractions(points: Int64) {
    #expect(throws: PostingRefusal.pointsNotMultiple(redeemed: points, multiple: 100)) {
      try rule.minorUnits(for: points)
    }
  }

  @Test("M1 refuses a worth that does not fit")
  func refusesOverflow() {
    let generous = RedeemRule(points: 1, minorUnits: 1_000_000_000)
    #expect(throws: PostingRefusal.tooLarge(.pointsDiscount)) { try generous.minorUnits(for: .max) }
  }
}
