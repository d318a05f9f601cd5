import Basics
import CampaignsProto
import CommonProto
import Foundation
import Messages
import ServiceKit

extension CampaignsV1.CouponTemplate {
  /// Makes the message of a template.
  init(_ template: CouponTemplate) {
    let terms = template.terms
    func money(_ minorUnits: Int64) -> CommonV1.Money {
      CommonV1.Money(currencyCode: terms.currencyCode ?? "", minorUnits: minorUnits)
    }
    self.init(
      templateID: template.templateID.text,
      code: template.code,
      title: template.title,
      threshold: terms.thresholdMinorUnits.map(money),
      validFrom: terms.validFrom.map { GoogleProtobuf.Timestamp(date: $0) },
      validBefore: terms.validBefore.map { GoogleProtobuf.Timestamp(date: $0) },
      createdAt: GoogleProtobuf.Timestamp(date: template.createdAt)
    )
    switch terms.benefit {
    case .amountOff(let minorUnits):
      benefit = .amountOff(CampaignsV1.AmountOff(amount: money(minorUnits)))
    case .percentOff(let basisPoints, let maximum):
      benefit = .percentOff(
        CampaignsV1.PercentOff(basisPoints: basisPoints, maximumDiscount: maximum.map(money))
      )
    }
  }
}
