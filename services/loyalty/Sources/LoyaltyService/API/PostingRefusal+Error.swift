import RPC
import ServiceKit

extension PostingRefusal {
  /// The refusal as the caller gets it: the reason, the field where one is to blame, and how far off it was.
  var error: RPCError {
    switch self {
    case .currencyMismatch(let field, let programme, let given):
      .refusing(
        field,
        FieldReason.currencyMismatch,
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
      .refusing(quantity.field, FieldReason.tooLarge, "the sum does not fit into 64 bits", [:])
    }
  }
}

extension RPCError {
  /// An `INVALID_ARGUMENT` for one field, with facts for programs.
  static func refusing(
    _ field: String,
    _ reason: String,
    _ description: String,
    _ metadata: [String: String]
  ) -> RPCError {
    let info = ErrorInfo(
      reason: reason,
      domain: LoyaltyReason.domain,
      metadata: metadata.merging(["field": field]) { $1 }
    )
    let violation = BadRequest.FieldViolation(field: field, description: description, reason: reason)
    return RPCError(
      code: .invalidArgument,
      message: "\(field): \(description)",
      details: [.errorInfo(info), .badRequest(BadRequest(fieldViolations: [violation]))]
    )
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
