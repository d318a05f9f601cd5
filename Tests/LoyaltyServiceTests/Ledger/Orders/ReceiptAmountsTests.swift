import Testing

@testable import LoyaltyService

@Suite("What a receipt adds up to (L1)")
struct ReceiptAmountsTests {
  let rule = RedeemRule(points: 100, minorUnits: 100)

  private func amounts(_ lines: [Int64], coupons: [Int64] = [], points: Int64 = 0) throws -> ReceiptAmounts {
    try ReceiptAmounts(lines: lines, couponDiscounts: coupons, pointsToRedeem: points, redeemRule: rule)
  }

  @Test("payable is lines less coupons less what the points pay (L1)")
  func addsUp() throws {
    let amounts = try amounts([1_250, 750], coupons: [300, 200], points: 400)
    #expect(amounts.gross == 2_000)
    #expect(amounts.couponDiscount == 500)
    #expect(amounts.pointsDiscount == 400)
    #expect(amounts.payable == 1_100)
  }

  @Test("coupons and points may pay everything (L1)")
  func mayBeFree() throws {
    #expect(try amounts([500], coupons: [100], points: 400).payable == 0)
  }

  @Test("refuses coupons that take off more than the lines (C1)")
  func refusesTooManyCoupons() {
    #expect(throws: PostingRefusal.couponsExceedGross(gross: 500, coupons: 501)) {
      try amounts([500], coupons: [1, 500])
    }
  }

  @Test("refuses points worth more than is left after coupons, and says how much is left (L1)")
  func refusesTooManyPoints() {
    #expect(throws: PostingRefusal.pointsExceedPayable(worth: 500, payable: 499)) {
      try amounts([500], coupons: [1], points: 500)
    }
  }

  @Test("refuses sums that do not fit (M1)")
  func refusesOverflow() {
    #expect(throws: PostingRefusal.tooLarge(.gross)) { try amounts([.max, 1]) }
    #expect(throws: PostingRefusal.tooLarge(.couponDiscounts)) { try amounts([1], coupons: [.max, 1]) }
  }
}
