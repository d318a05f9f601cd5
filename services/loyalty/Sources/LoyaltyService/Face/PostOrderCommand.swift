import Foundation
import PatronAPI
import ServiceKit

/// A request to post a receipt, checked field by field.
struct PostOrderCommand: Sendable {
  /// Names the order, the member, the receipt and the reservation.
  let key: PostingKey
  /// What the ledger's rules look at.
  let receipt: ReceiptDraft
  /// When the sale happened.
  let occurredAt: Date
  /// Tells requests apart that came under the same id. The reservation does not count: a retry may carry a newer one.
  let digest: PayloadDigest
  /// The request as it came.
  let request: LoyaltyV1.PostOrderRequest

  /// The most lines and coupons that a receipt may have (the contract's limits).
  static let linesAllowed = 1...1_000
  static let couponsAllowed = 0...20

  /// Checks everything that can be checked without the ledger.
  init(_ request: LoyaltyV1.PostOrderRequest, times: RequestTimes) throws {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let orderId = fields.requestID(request.requestId, times)
    let memberId = fields.uuid("member_id", request.memberId)
    let storeId = fields.text("store_id", request.storeId, 1...64)
    _ = fields.text("till_id", request.tillId, 0...64)
    let receiptNumber = fields.text("receipt_number", request.receiptNumber, 1...64)
    occurredAt = fields.occurredAt("occurred_at", request.occurredAt, times)
    let points = fields.number("points_to_redeem", request.pointsToRedeem, 0...Int64.max)
    let lines = fields.lines(request.lines)
    let discounts = fields.couponDiscounts(request.couponDiscounts)
    let reservationId = fields.reservation(request)
    try fields.throwIfAny()

    key = PostingKey(
      orderId: orderId,
      memberId: memberId,
      storeId: storeId,
      receiptNumber: receiptNumber,
      reservationId: reservationId
    )
    receipt = ReceiptDraft(lines: lines, couponDiscounts: discounts, pointsToRedeem: points)
    var payload = request
    payload.reservationId = ""
    digest = try PayloadDigest(of: payload)
    self.request = request
  }
}

extension FieldChecks {
  fileprivate mutating func lines(_ lines: [CommonV1.OrderLine]) -> [ReceiptDraft.Amount] {
    count("lines", lines.count, PostOrderCommand.linesAllowed)
    return lines.prefix(PostOrderCommand.linesAllowed.upperBound).enumerated().map { index, line in
      element("lines", index) { fields in
        _ = fields.text("product_id", line.productId, 1...64)
        _ = fields.text("description", line.description, 0...200)
        _ = fields.text("category", line.category, 0...100)
        _ = fields.number("quantity_thousandths", line.quantityThousandths, 0...Int64.max)
        return fields.amount("amount", "amount.minor_units", line.amount)
      }
    }
  }

  fileprivate mutating func couponDiscounts(_ discounts: [CommonV1.CouponDiscount]) -> [ReceiptDraft.Amount] {
    count("coupon_discounts", discounts.count, PostOrderCommand.couponsAllowed)
    var seen: Set<UUID> = []
    return discounts.prefix(PostOrderCommand.couponsAllowed.upperBound).enumerated().map { index, discount in
      element("coupon_discounts", index) { fields in
        let couponId = fields.uuid("coupon_id", discount.couponId)
        let isNew = seen.insert(couponId).inserted
        fields.check(isNew, "coupon_id", reason: FieldReason.repeated, "name each coupon once")
        return fields.amount("discount", "discount.minor_units", discount.discount)
      }
    }
  }

  fileprivate mutating func reservation(_ request: LoyaltyV1.PostOrderRequest) -> UUID? {
    guard !request.couponDiscounts.isEmpty else {
      let isLeftOut = request.reservationId.isEmpty
      check(isLeftOut, "reservation_id", reason: FieldReason.withoutCoupons, "leave it empty without coupons")
      return nil
    }
    return uuid("reservation_id", request.reservationId)
  }

  private mutating func amount(
    _ field: String,
    _ minorUnits: String,
    _ money: CommonV1.Money?
  ) -> ReceiptDraft.Amount {
    guard let money = required(field, money) else { return ReceiptDraft.Amount(currencyCode: "", minorUnits: 0) }
    return ReceiptDraft.Amount(
      currencyCode: money.currencyCode,
      minorUnits: number(minorUnits, money.minorUnits, 0...Int64.max)
    )
  }
}
