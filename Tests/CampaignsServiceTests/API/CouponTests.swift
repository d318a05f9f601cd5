import Basics
import CampaignsProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("Issuing and listing coupons (C1)")
struct CouponTests {
  @Test("a member gets a coupon of a template (C1)")
  func issues() async throws {
    try await CampaignsHarness.with { campaigns in
      let template = try await campaigns.create(.amountOff(500))
      let member = UUID()
      let coupon = try await campaigns.issue(template, to: member)
      #expect(coupon.memberID == member.text)
      #expect(coupon.template == template)
      #expect(coupon.status == .issued)
      #expect(coupon.orderID.isEmpty)
      #expect(try await campaigns.coupons(of: member) == [coupon])
    }
  }

  @Test("the same request gives the same coupon, not a second one (M6)")
  func repeats() async throws {
    try await CampaignsHarness.with { campaigns in
      let template = try await campaigns.create(.amountOff(500))
      let member = UUID()
      try await campaigns.know(member)
      let request = CampaignsV1.IssueCouponRequest(
        requestID: campaigns.ids.next().text,
        memberID: member.text,
        templateID: template.templateID
      )
      let answers = try await atOnce(10) { _ in try await campaigns.client.issueCoupon(request) }
      #expect(Set(answers).count == 1)
      #expect(try await campaigns.coupons(of: member).count == 1)
    }
  }

  @Test("a template that is not known is distinguished (C1)")
  func unknownTemplate() async throws {
    try await CampaignsHarness.with { campaigns in
      await expectReason("TEMPLATE_NOT_FOUND") {
        try await campaigns.client.issueCoupon(
          .init(requestID: campaigns.ids.next().text, memberID: UUID().text, templateID: UUID().text)
        )
      }
    }
  }

  @Test("lists a member's coupons, latest issue first, by pages, and nobody else's (C1)")
  func lists() async throws {
    try await CampaignsHarness.with { campaigns in
      let template = try await campaigns.create(.amountOff(500))
      let member = UUID()
      var issued: [CampaignsV1.Coupon] = []
      for _ in 0..<5 { issued.append(try await campaigns.issue(template, to: member)) }
      _ = try await campaigns.issue(template, to: UUID())
      var request = CampaignsV1.ListCouponsRequest(memberID: member.text, pageSize: 2)
      var listed: [CampaignsV1.Coupon] = []
      repeat {
        let page = try await campaigns.client.listCoupons(request)
        listed += page.coupons
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(listed == issued.reversed())
    }
  }

  @Test("lists the coupons in one status only (C1)")
  func filters() async throws {
    try await CampaignsHarness.with { campaigns in
      let template = try await campaigns.create(.amountOff(500))
      let member = try await campaigns.loyalty.openAccount()
      var coupons: [CampaignsV1.Coupon] = []
      for _ in 0..<3 { coupons.append(try await campaigns.issue(template, to: member)) }
      _ = try await campaigns.reserve(.sample(member, [coupons[1]]))
      let reservation = try await campaigns.reserve(.sample(member, [coupons[2]]))
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: reservation))
      _ = try await campaigns.client.redeemReservation(.init(reservationID: reservation.reservationID))
      for (index, status) in [CampaignsV1.CouponStatus.issued, .reserved, .redeemed].enumerated() {
        let listed = try await campaigns.coupons(of: member, status)
        #expect(listed.map(\.couponID) == [coupons[index].couponID])
        #expect(listed.map(\.status) == [status])
      }
      let used = try await campaigns.coupons(of: member, .redeemed)[0]
      #expect(used.orderID == reservation.orderID)
      #expect(used.redeemedAt != nil)
    }
  }
}
