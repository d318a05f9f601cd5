import Foundation
import Testing

@testable import CampaignsService

@Suite("When a coupon may be used (C2)")
struct CouponTermsTests {
  @Test("needs the threshold to be reached, and says how far off the order was (C2)")
  func threshold() {
    let terms = CouponTerms.amountOff(500, threshold: 5_000)
    #expect(terms.refusal(of: .of(5_000)) == nil)
    #expect(terms.refusal(of: .of(4_999)) == .thresholdNotReached(threshold: 5_000, gross: 4_999))
  }

  @Test("is valid from its first moment until just before its last (C1)")
  func validity() {
    var terms = CouponTerms.amountOff(500)
    terms.validFrom = saleTime
    terms.validBefore = saleTime + 60
    #expect(terms.refusal(of: .of(1, at: saleTime - 1)) == .notYetValid(from: saleTime))
    #expect(terms.refusal(of: .of(1, at: saleTime)) == nil)
    #expect(terms.refusal(of: .of(1, at: saleTime + 59)) == nil)
    #expect(terms.refusal(of: .of(1, at: saleTime + 60)) == .expired(before: saleTime + 60))
  }

  @Test("is refused on an order in another currency (M1)")
  func currency() {
    #expect(
      CouponTerms.amountOff(500).refusal(of: .of(1_000, currency: "USD"))
        == .currencyMismatch(coupon: "CNY", order: "USD")
    )
  }

  @Test("a plain share works in any currency (M1)")
  func shareOfAnyCurrency() {
    #expect(CouponTerms.percentOff(1_000).refusal(of: .of(1_000, currency: "USD")) == nil)
  }
}
