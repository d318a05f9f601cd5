import Basics
import CampaignsProto
import CommonProto
import Messages
import PosProto

extension CommonV1.Money {
  /// An amount in the currency of the recorded receipts.
  init(cents: Int64) {
    self.init(currencyCode: ReplayPlan.currencyCode, minorUnits: cents)
  }
}

extension GoogleProtobuf.Timestamp {
  /// A point in time, exact to the second.
  init(_ instant: Instant) {
    self.init(unixMicroseconds: instant.rawValue)
  }
}

extension CampaignsV1.CreateCouponTemplateRequest {
  /// Asks for the template of a campaign.
  init(_ template: PlannedTemplate) {
    self.init(
      requestID: template.requestID,
      template: CampaignsV1.CouponTemplate(
        code: template.code,
        title: template.title,
        benefit: .amountOff(CampaignsV1.AmountOff(amount: CommonV1.Money(cents: template.amountOffCents))),
        validFrom: GoogleProtobuf.Timestamp(template.validFrom),
        validBefore: GoogleProtobuf.Timestamp(template.validBefore)
      )
    )
  }
}

extension PosV1.RegisterMemberRequest {
  /// Asks to register a household.
  init(_ household: PlannedHousehold) {
    self.init(
      requestID: household.requestID,
      name: "Household \(household.number)",
      cardNumber: household.cardNumber,
      externalSource: ReplayPlan.externalSource,
      externalID: String(household.number),
      storeID: String(household.store),
      attributes: household.attributes
    )
  }
}

extension PosV1.CheckoutRequest {
  /// Asks to post a receipt.
  init(_ receipt: PlannedReceipt, memberID: String, couponIDs: [String]) {
    self.init(
      requestID: receipt.requestID,
      memberID: memberID,
      storeID: String(receipt.store),
      receiptNumber: String(receipt.basket),
      occurredAt: GoogleProtobuf.Timestamp(receipt.occurredAt),
      lines: receipt.lines.map { line in
        CommonV1.OrderLine(
          productID: String(line.product),
          description: line.description,
          category: line.category,
          quantityThousandths: line.quantityThousandths,
          amount: CommonV1.Money(cents: line.amountCents)
        )
      },
      couponIDs: couponIDs
    )
  }
}
