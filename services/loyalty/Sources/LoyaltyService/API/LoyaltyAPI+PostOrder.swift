import CommonProto
import Foundation
import LoyaltyProto
import RPC
import ServiceKit

extension LoyaltyAPI {
  func postOrder(
    _ request: LoyaltyV1.PostOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.PostOrderResponse {
    try LoyaltyV1.PostOrderResponse(try await submit(try posting(request)))
  }

  /// What a receipt asks of the ledger.
  func posting(_ request: LoyaltyV1.PostOrderRequest) throws -> LedgerRequest {
    let command = try PostOrderCommand(request, times: requestTimes)
    return LedgerRequest(
      id: command.key.orderID,
      digest: command.digest.bytes,
      member: command.key.memberID,
      command: .post(
        OrderDraft(key: command.key, receipt: command.receipt, occurredAt: command.occurredAt, original: command)
      )
    )
  }
}

extension LoyaltyV1.PostOrderResponse {
  /// The answer to a receipt.
  init(_ answer: LedgerAnswer) throws {
    guard case .posted(let document, let balance) = answer else {
      throw BrokenInvariant("an order was answered otherwise")
    }
    self.init(order: try LoyaltyV1.Order(document), balancePoints: balance)
  }
}

/// A request to post a receipt, validated field by field.
final class PostOrderCommand: TillReceipt {
  /// Names the order, the member, the receipt and the reservation.
  let key: PostingKey
  /// What the ledger's rules need of it.
  let receipt: ReceiptDraft
  /// When the sale happened.
  let occurredAt: Date
  /// Tells requests apart that came under the same id. The reservation does not count: a retry may carry a newer one.
  let digest: PayloadDigest
  /// The request as it came.
  let request: LoyaltyV1.PostOrderRequest

  /// Validates everything that can be without the ledger.
  init(_ request: LoyaltyV1.PostOrderRequest, times: RequestTimes) throws {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let orderID = fields.requestID(request.requestID, times)
    let memberID = fields.uuid("member_id", request.memberID)
    let storeID = fields.identifier("store_id", request.storeID, .store)
    _ = fields.identifier("till_id", request.tillID, .till, optional: true)
    let receiptNumber = fields.identifier("receipt_number", request.receiptNumber, .receipt)
    occurredAt = fields.occurredAt("occurred_at", request.occurredAt, times)
    let points = fields.number("points_to_redeem", request.pointsToRedeem, 0...ContractLimits.pointsMaximum)
    _ = fields.orderLines(request.lines)
    let discounts = fields.couponDiscounts(request.couponDiscounts)
    let reservationID = fields.reservation(request)
    try fields.throwIfAny()

    key = PostingKey(
      orderID: orderID,
      memberID: memberID,
      storeID: storeID,
      receiptNumber: receiptNumber,
      reservationID: reservationID
    )
    let lines = request.lines.map { line in
      ReceiptDraft.Line(
        currencyCode: line.amount?.currencyCode ?? "",
        minorUnits: line.amount?.minorUnits ?? 0,
        quantityThousandths: line.quantityThousandths
      )
    }
    receipt = ReceiptDraft(lines: lines, couponDiscounts: discounts, pointsToRedeem: points)
    var payload = request
    payload.reservationID = ""
    digest = try PayloadDigest(of: payload)
    self.request = request
  }
}

extension FieldChecks {
  fileprivate mutating func couponDiscounts(_ discounts: [CommonV1.CouponDiscount]) -> [ReceiptDraft.Amount] {
    count("coupon_discounts", discounts.count, ContractLimits.orderCoupons)
    var seen: Set<UUID> = []
    return discounts.prefix(ContractLimits.orderCoupons.upperBound).enumerated().map { index, discount in
      element("coupon_discounts", index) { fields in
        let couponID = fields.uuid("coupon_id", discount.couponID)
        let isNew = seen.insert(couponID).inserted
        fields.check(isNew, "coupon_id", reason: .repeated, "name each coupon once")
        return fields.amount("discount", discount.discount)
      }
    }
  }

  fileprivate mutating func reservation(_ request: LoyaltyV1.PostOrderRequest) -> UUID? {
    guard !request.couponDiscounts.isEmpty else {
      let isLeftOut = request.reservationID.isEmpty
      check(isLeftOut, "reservation_id", reason: FieldReason.withoutCoupons, "leave it empty without coupons")
      return nil
    }
    return uuid("reservation_id", request.reservationID)
  }

  private mutating func amount(_ field: String, _ money: CommonV1.Money?) -> ReceiptDraft.Amount {
    guard let money = required(field, money) else { return ReceiptDraft.Amount(currencyCode: "", minorUnits: 0) }
    return ReceiptDraft.Amount(
      currencyCode: currency("\(field).currency_code", money.currencyCode),
      minorUnits: minorUnits("\(field).minor_units", money.minorUnits)
    )
  }
}
