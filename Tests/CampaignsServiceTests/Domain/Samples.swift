import Foundation

@testable import CampaignsService

/// The time of the sales in these tests.
let saleTime = Date(timeIntervalSince1970: 1_700_000_000)

extension CouponOrder {
  static func of(_ gross: Int64, currency: String = "CNY", at time: Date = saleTime) -> CouponOrder {
    CouponOrder(grossMinorUnits: gross, currencyCode: currency, occurredAt: time)
  }
}

extension CouponTerms {
  static func amountOff(_ minorUnits: Int64, threshold: Int64? = nil) -> CouponTerms {
    CouponTerms(
      benefit: .amountOff(minorUnits: minorUnits),
      currencyCode: "CNY",
      thresholdMinorUnits: threshold
    )
  }

  static func percentOff(_ basisPoints: Int32, maximum: Int64? = nil) -> CouponTerms {
    CouponTerms(
      benefit: .percentOff(basisPoints: basisPoints, maximumMinorUnits: maximum),
      currencyCode: maximum == nil ? nil : "CNY"
    )
  }
}

extension HeldCoupon {
  static func with(
    _ terms: CouponTerms,
    status: CouponStatus = .issued,
    issuedAt: Date = saleTime - 86_400,
    clockBehindMaximum: TimeInterval = 300
  ) -> HeldCoupon {
    HeldCoupon(
      couponID: UUID(),
      terms: terms,
      issuedAt: issuedAt,
      usableFrom: issuedAt - clockBehindMaximum,
      status: status
    )
  }
}

extension CouponApplication {
  /// Applies coupons in the given order.
  init(_ coupons: [HeldCoupon], to order: CouponOrder) throws(CouponRefusal) {
    let byID = Dictionary(uniqueKeysWithValues: coupons.map { ($0.couponID, $0) })
    try self.init(coupons.map(\.couponID), of: byID, to: order)
  }
}
