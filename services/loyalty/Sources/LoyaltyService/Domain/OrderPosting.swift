/// What posting a receipt does to the ledger, decided without any I/O.
///
/// Points are redeemed before the receipt's own points are earned: a receipt cannot be paid with what it earns.
struct OrderPosting: Sendable, Hashable {
  /// What the receipt adds up to.
  var amounts: ReceiptAmounts
  /// Points redeemed.
  var pointsRedeemed: Int64
  /// Points earned.
  var pointsEarned: Int64
  /// The entries, in the order in which they apply: none, one or two.
  var entries: [LedgerEntry]
  /// The account after them.
  var account: Account

  /// Decides a posting on an account as it is now, by the programme as it is now.
  init(receipt: ReceiptDraft, programme: Programme, account: Account) throws(PostingRefusal) {
    try receipt.check(currency: programme.currencyCode)
    amounts = try ReceiptAmounts(
      lines: receipt.lines.map(\.minorUnits),
      couponDiscounts: receipt.couponDiscounts.map(\.minorUnits),
      pointsToRedeem: receipt.pointsToRedeem,
      redeemRule: programme.redeemRule
    )
    pointsRedeemed = receipt.pointsToRedeem
    pointsEarned = try programme.earnRule.points(earnedOn: amounts.payable)
    var account = account
    let redeemed = try account.move(pointsRedeemed, as: .redeem)
    let earned = try account.move(pointsEarned, as: .earn)
    entries = [redeemed, earned].compactMap(\.self)
    self.account = account
  }
}
