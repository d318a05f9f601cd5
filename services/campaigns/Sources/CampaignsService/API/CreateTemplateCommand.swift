import CampaignsProto
import CommonProto
import Foundation
import ServiceKit

/// A validated request to create a template.
struct CreateTemplateCommand: Sendable {
  let requestID: UUID
  let code: String
  let title: String
  let terms: CouponTerms
  /// The first field with the currency of the amounts, nil if there are no amounts.
  let currencyField: String?

  init(_ request: CampaignsV1.CreateCouponTemplateRequest, times: RequestTimes) throws {
    var fields = FieldChecks(domain: CampaignsReason.domain)
    requestID = fields.requestID(request.requestID, times)
    let template = fields.required("template", request.template) ?? CampaignsV1.CouponTemplate()
    code = fields.identifier("template.code", template.code, .templateCode)
    title = fields.name("template.title", template.title, ContractLimits.title)
    terms = fields.terms(template)
    try fields.throwIfAny()
    currencyField = Self.currencyField(template)
  }

  private static func currencyField(_ template: CampaignsV1.CouponTemplate) -> String? {
    switch template.benefit {
    case .amountOff: return "template.amount_off.amount.currency_code"
    case .percentOff(let off) where off.maximumDiscount != nil:
      return "template.percent_off.maximum_discount.currency_code"
    case .percentOff, nil: return template.threshold == nil ? nil : "template.threshold.currency_code"
    }
  }
}

extension FieldChecks {
  fileprivate mutating func terms(_ template: CampaignsV1.CouponTemplate) -> CouponTerms {
    var currency: String?
    let benefit = benefit(template.benefit, &currency)
    let threshold = positive("template.threshold", template.threshold, &currency)
    let validFrom = template.validFrom.map { timestamp("template.valid_from", $0) }
    let validBefore = template.validBefore.map { timestamp("template.valid_before", $0) }
    if let validFrom, let validBefore {
      let isPeriod = validFrom < validBefore
      check(isPeriod, "template.valid_before", reason: FieldReason.emptyPeriod, "give a time after valid_from")
    }
    return CouponTerms(
      benefit: benefit,
      currencyCode: currency,
      thresholdMinorUnits: threshold,
      validFrom: validFrom,
      validBefore: validBefore
    )
  }

  private mutating func benefit(
    _ benefit: CampaignsV1.CouponTemplate.OneOfBenefit?,
    _ currency: inout String?
  ) -> CouponBenefit {
    switch required("template.benefit", benefit) {
    case .amountOff(let off):
      let amount = required("template.amount_off.amount", off.amount)
      return .amountOff(minorUnits: positive("template.amount_off.amount", amount, &currency) ?? 1)
    case .percentOff(let off):
      return .percentOff(
        basisPoints: number(
          "template.percent_off.basis_points",
          off.basisPoints,
          CouponBenefit.basisPointsAllowed
        ),
        maximumMinorUnits: positive("template.percent_off.maximum_discount", off.maximumDiscount, &currency)
      )
    case nil: return .amountOff(minorUnits: 1)
    }
  }

  /// Reads an optional amount above zero in the one currency of all amounts of a template.
  private mutating func positive(_ field: String, _ money: CommonV1.Money?, _ currency: inout String?) -> Int64? {
    guard let money else { return nil }
    let code = self.currency("\(field).currency_code", money.currencyCode)
    check(
      code == currency ?? code,
      "\(field).currency_code",
      reason: .currencyMismatch,
      "give all amounts of the template in one currency"
    )
    currency = code
    return minorUnits("\(field).minor_units", money.minorUnits, atLeast: 1)
  }
}
