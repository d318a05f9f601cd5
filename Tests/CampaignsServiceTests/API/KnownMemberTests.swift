import Basics
import CampaignsProto
import CommonProto
import Eventually
import FollowedMembers
import Foundation
import LoyaltyTestSupport
import MembersProto
import MembersTestSupport
import Messages
import Postgres
import RPC
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("Coupons are given to members that there are, and used by those in good standing")
struct KnownMemberTests {
  private func request(
    _ template: CampaignsV1.CouponTemplate,
    for member: UUID,
    _ campaigns: CampaignsHarness
  ) -> CampaignsV1.IssueCouponRequest {
    .init(requestID: campaigns.ids.next().text, memberID: member.text, templateID: template.templateID)
  }

  @Test("a coupon for an unknown member is refused, whatever the id")
  func nobody() async throws {
    try await MembersHarness.with { members in
      try await CampaignsHarness.with(members: members.channel) { campaigns in
        let template = try await campaigns.create(.amountOff(500))
        for nobody in [UUID(), campaigns.ids.next()] {
          let refusal = await expectReason("MEMBER_NOT_FOUND") {
            try await campaigns.client.issueCoupon(request(template, for: nobody, campaigns))
          }
          #expect(refusal?.code == .notFound)
          #expect(refusal?.info?.domain == "campaigns.patron")
          #expect(try await campaigns.coupons(of: nobody).isEmpty)
        }
      }
    }
  }

  @Test("a member registered a moment ago, whose event has not arrived yet, gets a coupon")
  func registeredJustNow() async throws {
    try await MembersHarness.with { members in
      try await CampaignsHarness.with(jobs: .none, members: members.channel) { campaigns in
        let member = try await members.register()
        let template = try await campaigns.create(.amountOff(500))
        _ = try await campaigns.client.issueCoupon(request(template, for: member, campaigns))
        #expect(try await campaigns.coupons(of: member).count == 1)
      }
    }
  }

  @Test("while members is unreachable, members who are known get coupons, and for others the caller may try again")
  func membersAway() async throws {
    try await CampaignsHarness.with { campaigns in
      let template = try await campaigns.create(.amountOff(500))
      let refusal = await expectReason("MEMBERS_UNAVAILABLE") {
        try await campaigns.client.issueCoupon(request(template, for: UUID(), campaigns))
      }
      #expect(refusal?.code == .unavailable)
      _ = try await campaigns.issue(template, to: UUID())
    }
  }

  @Test("coupons of a template that has ended are not issued; a request that came in time is answered again")
  func endedTemplate() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      try await campaigns.know(member)
      var ending = CampaignsV1.CouponTemplate.amountOff(500)
      ending.validBefore = GoogleProtobuf.Timestamp(date: campaigns.clock.now + .seconds(60))
      let template = try await campaigns.create(ending)
      campaigns.clock.advance(by: .seconds(59))
      let inTime = request(template, for: member, campaigns)
      let answer = try await campaigns.client.issueCoupon(inTime)
      campaigns.clock.advance(by: .seconds(1))
      let refusal = await expectReason("TEMPLATE_ENDED") {
        try await campaigns.client.issueCoupon(request(template, for: member, campaigns))
      }
      #expect(refusal?.code == .failedPrecondition)
      #expect(try await campaigns.client.issueCoupon(inTime) == answer)
      #expect(try await campaigns.coupons(of: member).count == 1)
    }
  }

  @Test("a suspended member gets and uses no coupons, and does again once reinstated")
  func suspended() async throws {
    try await MembersHarness.with { members in
      try await CampaignsHarness.with(jobs: .memberFollower, members: members.channel) { campaigns in
        let member = try await members.register()
        let template = try await campaigns.create(.amountOff(500))
        let before = request(template, for: member, campaigns)
        let coupon = try #require(try await campaigns.client.issueCoupon(before).coupon)
        let held = CampaignsV1.ReserveCouponsRequest.sample(member, [try await campaigns.issue(template, to: member)])
        let reservation = try await campaigns.reserve(held)

        try await members.change(member, to: .suspended)
        try await campaigns.hear(of: member, .suspended)
        let refused = request(template, for: member, campaigns)
        let refusal = await expectReason("MEMBER_SUSPENDED") { try await campaigns.client.issueCoupon(refused) }
        #expect(refusal?.code == .failedPrecondition)
        #expect(refusal?.info?.metadata["member_id"] == member.text)
        let use = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon])
        await expectReason("MEMBER_SUSPENDED") { try await campaigns.client.reserveCoupons(use) }
        // What was done before is answered again.
        #expect(try await campaigns.client.issueCoupon(before).coupon == coupon)
        #expect(try await campaigns.reserve(held).reservationID == reservation.reservationID)

        try await members.change(member, to: .active)
        try await campaigns.hear(of: member, .active)
        _ = try await campaigns.client.issueCoupon(refused)
        #expect(try await campaigns.reserve(use).discounts.count == 1)
      }
    }
  }

  @Test("where the setting allows it, a suspended member gets and uses coupons")
  func allowed() async throws {
    var settings = SuspendedSettings()
    settings.coupons = .allowed
    try await MembersHarness.with { members in
      try await CampaignsHarness.with(members: members.channel, suspended: settings) { campaigns in
        let member = try await members.register()
        try await members.change(member, to: .suspended)
        let template = try await campaigns.create(.amountOff(500))
        let answer = try await campaigns.client.issueCoupon(request(template, for: member, campaigns))
        let coupon = try #require(answer.coupon)
        #expect(try await campaigns.reserve(.sample(member, [coupon])).discounts.count == 1)
      }
    }
  }
}

extension CampaignsHarness {
  /// Waits until campaigns knows a member's standing.
  fileprivate func hear(of member: UUID, _ standing: MemberStanding) async throws {
    try await eventually("campaigns hears of the member") {
      try await database.query("SELECT standing FROM known_member WHERE member_id = \(member)")
        .first?.decode(column: 0, as: MemberStanding.self) == standing
    }
  }
}
