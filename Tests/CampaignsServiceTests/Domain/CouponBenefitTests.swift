import LoyaltyTestSupport
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("What one coupon takes off (C2)")
struct CouponBenefitTests {
  @Test(
    "a fixed amount takes off no more than is left (C1)",
    arguments: [(1_000, 500), (500, 500), (499, 499), (0, 0)]
  )
  func amount(remaining: Int64, discount: Int64) {
    #expect(CouponBenefit.amountOff(minorUnits: 500).discount(on: remaining) == discount)
  }

  @Test(
    "a share drops the fraction of the smallest unit (C1)",
    arguments: [(1_000, 150), (1_003, 150), (1_007, 151), (6, 0)]
  )
  func share(remaining: Int64, discount: Int64) {
    #expect(CouponBenefit.percentOff(basisPoints: 1_500, maximumMinorUnits: nil).discount(on: remaining) == discount)
  }

  @Test("a share stops at its maximum (C1)", arguments: [(1_000, 100), (2_000, 200), (2_001, 200), (1_000_000, 200)])
  func maximum(remaining: Int64, discount: Int64) {
    #expect(CouponBenefit.percentOff(basisPoints: 1_000, maximumMinorUnits: 200).discount(on: remaining) == discount)
  }

  @Test("the whole share takes everything off, however much it is (C1)")
  func everything() {
    #expect(CouponBenefit.percentOff(basisPoints: 10_000, maximumMinorUnits: nil).discount(on: .max) == .max)
  }

  @Test("property: no coupon takes off less than nothing or more than is left (C1)")
  func staysWithinRemaining() {
    let seed = PropertySeed("coupon discounts")
    var random = seed.random
    for _ in 0..<5_000 {
      let remaining = Int64.random(in: 0...(.max), using: &random) >> Int64.random(in: 0...62, using: &random)
      let amount = CouponBenefit.amountOff(minorUnits: .random(in: 1...(.max), using: &random))
      let share = CouponBenefit.percentOff(
        basisPoints: .random(in: CouponBenefit.basisPointsAllowed, using: &random),
        maximumMinorUnits: Bool.random(using: &random) ? .random(in: 1...10_000, using: &random) : nil
      )
      #expect(0...remaining ~= amount.discount(on: remaining), "\(seed)")
      #expect(0...remaining ~= share.discount(on: remaining), "\(seed)")
    }
  }
}
