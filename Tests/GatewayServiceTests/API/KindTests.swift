import AppProto
import CampaignsProto
import FeedbackProto
import LoyaltyProto
import Testing

@testable import GatewayService

@Suite("What members see of the services' own kinds")
struct KindTests {
  @Test("every type of entry that the ledger knows has a kind of its own in the app")
  func entries() {
    let types = LoyaltyV1.EntryType.allKnownValues.filter { $0 != .unspecified }
    let kinds = types.map(AppV1.EntryKind.init)
    #expect(!kinds.contains(.unspecified))
    #expect(Set(kinds).count == types.count)
    #expect(Set(kinds) == Set(AppV1.EntryKind.allKnownValues.filter { $0 != .unspecified }))
  }

  @Test("every status of a coupon has one of its own in the app, and the other way round")
  func coupons() {
    let statuses = CampaignsV1.CouponStatus.allKnownValues
    #expect(Set(statuses.map(AppV1.AppCouponStatus.init)) == Set(AppV1.AppCouponStatus.allKnownValues))
    for status in statuses { #expect(AppV1.AppCouponStatus(status).ofCampaigns == status) }
    #expect(AppV1.AppCouponStatus(rawValue: 99).ofCampaigns == nil)
  }

  @Test("every category of feedback in the app is one of feedback, and the other way round")
  func categories() {
    let categories = AppV1.AppFeedbackCategory.allKnownValues.filter { $0 != .unspecified }
    let known = FeedbackV1.FeedbackCategory.allKnownValues.filter { $0 != .unspecified }
    #expect(Set(categories.compactMap(\.ofFeedback)) == Set(known))
    #expect(AppV1.AppFeedbackCategory.unspecified.ofFeedback == nil)
  }
}
