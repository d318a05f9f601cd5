import Foundation

/// A receipt to be posted.
struct OrderDraft: Sendable {
  /// Names the order, the member, the receipt and the reservation.
  var key: PostingKey
  /// What the ledger's rules need of it.
  var receipt: ReceiptDraft
  /// When the sale happened.
  var occurredAt: Date
  /// The receipt as it came.
  var original: any TillReceipt
}

/// A receipt as its till sent it.
///
/// The ledger carries it to where the order is encoded, and never reads it: an order has every field of its receipt, also
/// those that the ledger does not know.
protocol TillReceipt: AnyObject, Sendable {}

/// Names a posting: the order, the member, the receipt, and the reservation of its coupons.
struct PostingKey: Sendable, Hashable {
  /// The request id, which becomes the order's id.
  var orderID: UUID
  var memberID: UUID
  var storeID: String
  var receiptNumber: String
  /// Nil if the order uses no coupons.
  var reservationID: UUID?

  /// The receipt.
  var receipt: Receipt { Receipt(storeID: storeID, receiptNumber: receiptNumber) }
}

/// Names a receipt: its number, and the store that printed it.
struct Receipt: Sendable, Hashable {
  var storeID: String
  var receiptNumber: String
}

/// The part of a receipt that the ledger's rules need.
struct ReceiptDraft: Sendable, Hashable {
  /// An amount with its currency.
  struct Amount: Sendable, Hashable {
    var currencyCode: String
    /// In the currency's smallest unit; not negative.
    var minorUnits: Int64
  }

  /// A line.
  struct Line: Sendable, Hashable {
    var currencyCode: String
    /// What it costs, in the currency's smallest unit; not negative.
    var minorUnits: Int64
    /// How much is sold, in thousandths of the product's unit; 0 if the till does not say.
    var quantityThousandths: Int64 = 0
  }

  var lines: [Line]
  /// What each coupon takes off.
  var couponDiscounts: [Amount]
  /// Points to redeem; not negative.
  var pointsToRedeem: Int64

  /// The lines as returns see them.
  var soldLines: [SoldLine] {
    lines.map { SoldLine(minorUnits: $0.minorUnits, quantityThousandths: $0.quantityThousandths) }
  }

  /// Refuses an amount in another currency than the programme's.
  func check(currency: String) throws(PostingRefusal) {
    for (index, line) in lines.enumerated() where line.currencyCode != currency {
      throw .currencyMismatch(
        field: "lines[\(index)].amount.currency_code",
        programme: currency,
        given: line.currencyCode
      )
    }
    for (index, discount) in couponDiscounts.enumerated() where discount.currencyCode != currency {
      throw .currencyMismatch(
        field: "coupon_discounts[\(index)].discount.currency_code",
        programme: currency,
        given: discount.currencyCode
      )
    }
  }
}

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

  /// Adds a receipt up: lines, less coupons, less what the points pay. Precondition: no amount is negative.
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
      precondition(amount >= 0, "amounts are validated before they are summed")
      let (sum, overflow) = total.addingReportingOverflow(amount)
      guard !overflow else { throw .tooLarge(quantity) }
      total = sum
    }
    return total
  }
}
