/// What posting a receipt does to a member's points, decided without any I/O.
///
/// Points are redeemed before the receipt's own points are earned: a receipt cannot be paid with what it earns.
struct OrderPosting: Sendable, Hashable {
  /// What the receipt adds up to.
  var amounts: ReceiptAmounts
  /// Points redeemed.
  var pointsRedeemed: Int64
  /// Points earned.
  var pointsEarned: Int64
  /// What moves, in order.
  var postings: [Posting]
  /// The member's points after it.
  var holding: Holding

  /// Decides a posting on points as they are now, by the programme as it is now.
  ///
  /// - Throws: ``PostingRefusal`` for what the receipt's rules refuse, ``LedgerRefusal`` for what the ledger refuses.
  init(receipt: ReceiptDraft, programme: Programme, holding: Holding) throws {
    try receipt.check(currency: programme.currencyCode)
    amounts = try ReceiptAmounts(
      lines: receipt.lines.map(\.minorUnits),
      couponDiscounts: receipt.couponDiscounts.map(\.minorUnits),
      pointsToRedeem: receipt.pointsToRedeem,
      redeemRule: programme.redeemRule
    )
    pointsRedeemed = receipt.pointsToRedeem
    pointsEarned = try programme.earnRule.points(earnedOn: amounts.payable)
    var holding = holding
    var postings: [Posting] = []
    if pointsRedeemed > 0 { postings += try holding.spend(pointsRedeemed, to: .redeemed) }
    if pointsEarned > 0 { postings += try holding.earn(pointsEarned, expiresOn: .never, from: .issued) }
    self.postings = postings
    self.holding = holding
  }
}
