import RPC
import ServiceKit

extension PostingRefusal {
  /// The refusal as the caller gets it: the reason, the field where one is to blame, and how far off it was.
  var error: RPCError {
    switch self {
    case .currencyMismatch(let field, let programme, let given):
      .refusing(
        field,
        CommonFieldReason.currencyMismatch,
        "the programme's receipts are in \(programme)",
        ["programme_currency": programme, "given_currency": given]
      )
    case .couponsExceedGross(let gross, let coupons):
      .refusing(
        "coupon_discounts",
        FieldReason.couponsExceedGross,
        "the coupons take off \(coupons) of lines that add up to \(gross)",
        ["gross_minor_units": "\(gross)", "coupons_minor_units": "\(coupons)"]
      )
    case .pointsNotMultiple(_, let multiple):
      .refusing(
        "points_to_redeem",
        FieldReason.pointsNotMultiple,
        "give a multiple of \(multiple)",
        ["multiple_points": "\(multiple)"]
      )
    case .pointsExceedPayable(let worth, let payable):
      .refusing(
        "points_to_redeem",
        FieldReason.pointsExceedPayable,
        "the points are worth \(worth), and \(payable) is left to pay",
        ["worth_minor_units": "\(worth)", "payable_minor_units": "\(payable)"]
      )
    case .tooLarge(let quantity):
      .refusing(quantity.field, CommonFieldReason.tooLarge, "the sum does not fit into 64 bits", [:])
    }
  }
}

extension RPCError {
  /// The ledger's refusal of one field, with facts for programs.
  static func refusing(
    _ field: String,
    _ reason: some FieldRefusalReason,
    _ sentence: String,
    _ facts: [String: String]
  ) -> RPCError {
    .refusing(field, reason: reason, domain: LoyaltyReason.domain, sentence, facts)
  }
}

extension PostingRefusal.Quantity {
  fileprivate var field: String {
    switch self {
    case .gross, .pointsEarned: "lines"
    case .couponDiscounts: "coupon_discounts"
    case .pointsDiscount: "points_to_redeem"
    }
  }
}
