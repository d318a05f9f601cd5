/// The part of a receipt that the ledger's rules look at.
struct ReceiptDraft: Sendable, Hashable {
  /// An amount with its currency.
  struct Amount: Sendable, Hashable {
    var currencyCode: String
    /// In the currency's smallest unit; not negative.
    var minorUnits: Int64
  }

  /// What each line costs.
  var lines: [Amount]
  /// What each coupon takes off.
  var couponDiscounts: [Amount]
  /// Points to redeem; not negative.
  var pointsToRedeem: Int64

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
