import Foundation
import LoyaltyTestSupport
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("Applying coupons to an order (C1)")
struct CouponApplicationTests {
  @Test("coupons apply in the requested order, each to the rest of the ones before (C1)")
  func order() throws {
    let share = HeldCoupon.with(.percentOff(1_000))
    let amount = HeldCoupon.with(.amountOff(500))
    #expect(try CouponApplication([share, amount], to: .of(1_000)).discounts.map(\.minorUnits) == [100, 500])
    #expect(try CouponApplication([amount, share], to: .of(1_000)).discounts.map(\.minorUnits) == [500, 50])
  }

  @Test("thresholds apply to the whole order, not to the rest (C2)")
  func thresholdOfGross() throws {
    let first = HeldCoupon.with(.amountOff(900))
    let second = HeldCoupon.with(.amountOff(50, threshold: 1_000))
    #expect(try CouponApplication([first, second], to: .of(1_000)).discounts.map(\.minorUnits) == [900, 50])
  }

  @Test(
    "a coupon that would take nothing off is left to the member: nothing is left, or its share is less than a unit (C1)"
  )
  func withoutEffect() throws {
    let all = HeldCoupon.with(.amountOff(1_000))
    let tiny = HeldCoupon.with(.percentOff(1))
    for coupons in [[all, .with(.amountOff(1_000))], [tiny, all], [all, tiny]] {
      let discounts = try CouponApplication(coupons, to: .of(1_000)).discounts
      #expect(discounts == [CouponApplication.Discount(couponID: all.couponID, minorUnits: 1_000)])
    }
    #expect(throws: CouponRefusal(couponID: tiny.couponID, index: 0, reason: .withoutEffect)) {
      try CouponApplication([tiny], to: .of(1_000))
    }
    #expect(throws: CouponRefusal(couponID: all.couponID, index: 0, reason: .withoutEffect)) {
      try CouponApplication([all, tiny], to: .of(0))
    }
  }

  @Test("a coupon without effect may be held or used up meanwhile: asking again gives the same (C1)")
  func withoutEffectMeanwhile() throws {
    let all = HeldCoupon.with(.amountOff(1_000))
    for status in [CouponStatus.issued, .reserved, .redeemed] {
      let second = HeldCoupon.with(.amountOff(1), status: status)
      #expect(try CouponApplication([all, second], to: .of(1_000)).discounts.map(\.couponID) == [all.couponID])
    }
  }

  @Test("a coupon can be used from its issue on, whenever the sale arrives; a till's clock may be a little behind (C1)")
  func beforeItsIssue() throws {
    let coupon = HeldCoupon.with(.amountOff(100), issuedAt: saleTime, clockBehindMaximum: 300)
    #expect(try CouponApplication([coupon], to: .of(1_000)).discounts.count == 1)
    #expect(try CouponApplication([coupon], to: .of(1_000, at: saleTime - 300)).discounts.count == 1)
    let refusal = CouponRefusal(couponID: coupon.couponID, index: 0, reason: .notYetIssued(at: saleTime))
    #expect(throws: refusal) { try CouponApplication([coupon], to: .of(1_000, at: saleTime - 301)) }
    #expect(throws: refusal) { try CouponApplication([coupon], to: .of(1_000, at: Date(timeIntervalSince1970: 0))) }
  }

  @Test("all apply or none: the first that cannot is named with its place and the rule (M19)")
  func namesTheFirstRefused() {
    let fine = HeldCoupon.with(.amountOff(1))
    let used = HeldCoupon.with(.amountOff(1), status: .redeemed)
    let held = HeldCoupon.with(.amountOff(1), status: .reserved)
    #expect(throws: CouponRefusal(couponID: used.couponID, index: 1, reason: .redeemed)) {
      try CouponApplication([fine, used, held], to: .of(100))
    }
    #expect(throws: CouponRefusal(couponID: held.couponID, index: 0, reason: .reserved)) {
      try CouponApplication([held, used, fine], to: .of(100))
    }
  }

  @Test("another member's coupon is refused (C1)")
  func othersCoupons() {
    let unknown = UUID()
    #expect(throws: CouponRefusal(couponID: unknown, index: 0, reason: .notTheMembers)) {
      try CouponApplication([unknown], of: [:], to: .of(100))
    }
  }

  @Test("property: discounts are never negative and never add up to more than the order (C1)")
  func neverMoreThanGross() throws {
    let seed = PropertySeed("coupon application")
    var random = seed.random
    for _ in 0..<1_000 {
      let coupons = (0..<Int.random(in: 1...20, using: &random)).map { _ in
        Bool.random(using: &random)
          ? HeldCoupon.with(.amountOff(.random(in: 1...5_000, using: &random)))
          : .with(.percentOff(.random(in: CouponBenefit.basisPointsAllowed, using: &random)))
      }
      let gross = Int64.random(in: 10_000...30_000, using: &random)
      let discounts = try CouponApplication(coupons, to: .of(gross)).discounts
      let used = Set(discounts.map(\.couponID))
      #expect(discounts.map(\.couponID) == coupons.map(\.couponID).filter(used.contains), "\(seed)")
      #expect(discounts.allSatisfy { $0.minorUnits > 0 }, "\(seed)")
      #expect(discounts.reduce(0) { $0 + $1.minorUnits } <= gross, "\(seed)")
    }
  }
}
