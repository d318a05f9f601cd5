/// What a receipt adds up to, in the smallest unit of the programme's currency. None of them is negative.
struct ReceiptAmounts: Sendable, Hashable {
  /// The sum of the lines.
  var gross: Int64
  /// What the coupons take off.
  var couponDiscount: Int64
  /// What the redeemed points pay.
  var pointsDiscount: Int64
  /// What is left to pay by other means.
  var payable: Int64

  /// Adds a receipt up: lines, less coupons, less what the points pay. Amounts given must not be negative.
  init(
    lines: [Int64],
    couponDiscounts: [Int64],
    pointsToRedeem: Int64,
    redeemRule: RedeemRule
  ) throws(PostingRefusal) {
    gross = try Self.sum(lines, .gross)
    couponDiscount = try Self.sum(couponDiscounts, .couponDiscounts)
    guard couponDiscount <= gross else {
      throw .couponsExceedGross(gross: gross, coupons: couponDiscount)
    }
    let afterCoupons = gross - couponDiscount
    pointsDiscount = try redeemRule.minorUnits(for: pointsToRedeem)
    guard pointsDiscount <= afterCoupons else {
      throw .pointsExceedPayable(worth: pointsDiscount, payable: afterCoupons)
    }
    payable = afterCoupons - pointsDiscount
  }

  private static func sum(_ amounts: [Int64], _ quantity: PostingRefusal.Quantity) throws(PostingRefusal) -> Int64 {
    var total: Int64 = 0
    for amount in amounts {
      precondition(amount >= 0, "amounts are checked before they are summed")
      let (sum, overflow) = total.addingReportingOverflow(amount)
      guard !overflow else { throw .tooLarge(quantity) }
      total = sum
    }
    return total
  }
}
