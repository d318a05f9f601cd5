/// Why the ledger's rules do not allow a posting. Carries how far off it was, so that a till can say it.
enum PostingRefusal: Error, Sendable, Hashable {
  /// An amount of the receipt is in another currency than the programme.
  case currencyMismatch(field: String, programme: String, given: String)
  /// The coupons take off more than the lines add up to.
  case couponsExceedGross(gross: Int64, coupons: Int64)
  /// The points to redeem are not a multiple of what the redeem rule says.
  case pointsNotMultiple(redeemed: Int64, multiple: Int64)
  /// The points are worth more than is left to pay after coupons.
  case pointsExceedPayable(worth: Int64, payable: Int64)
  /// A sum does not fit into 64 bits.
  case tooLarge(Quantity)

  /// The sums that can grow too large.
  enum Quantity: String, Sendable, Hashable {
    case gross
    case couponDiscounts
    case pointsDiscount
    case pointsEarned
  }
}
