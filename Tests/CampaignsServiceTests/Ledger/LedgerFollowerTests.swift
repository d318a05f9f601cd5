import Basics
import CampaignsProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import RPC
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("Following the ledger's events (C1)")
struct LedgerFollowerTests {
  /// Waits until campaigns has announced `count` events, and returns them.
  private func events(_ count: Int, of campaigns: CampaignsHarness) async throws -> [CampaignsV1.CampaignEvent] {
    var events: [CampaignsV1.CampaignEvent] = []
    for try await response in try await campaigns.client.subscribe(.init()) {
      events += response.events
      if events.count >= count { break }
    }
    return events
  }

  @Test("a posted order uses its coupons up, a reversed one gives them back; both are announced once (C1)")
  func follows() async throws {
    try await CampaignsHarness.with(jobs: .all) { campaigns in
      let member = try await campaigns.loyalty.openAccount()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let reservation = try await campaigns.reserve(.sample(member, [coupon]))
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: reservation))
      let redeemed = try await events(3, of: campaigns)
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.redeemed])

      _ = try await campaigns.loyalty.client.reverseOrder(.sample(of: reservation.orderID))
      let all = try await events(4, of: campaigns)
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.issued])
      #expect(redeemed == Array(all.prefix(3)))

      guard case .couponTemplateCreated = all[0].kind, case .couponIssued = all[1].kind,
        case .couponsRedeemed(let used) = all[2].kind, case .couponsReleased(let back) = all[3].kind
      else { return #expect(Bool(false)) }
      #expect(used.reservation?.reservationID == reservation.reservationID)
      #expect(used.reservation?.status == .redeemed)
      #expect(back.reservation?.status == .returned)
    }
  }

  @Test("a coupon freed with its order can be used again (M7)")
  func usableAgain() async throws {
    try await CampaignsHarness.with(jobs: .all) { campaigns in
      let member = try await campaigns.loyalty.openAccount()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let first = try await campaigns.reserve(.sample(member, [coupon]))
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: first))
      _ = try await campaigns.loyalty.client.reverseOrder(.sample(of: first.orderID))
      _ = try await events(4, of: campaigns)
      let second = try await campaigns.reserve(.sample(member, [coupon]))
      #expect(second.reservationID != first.reservationID)
    }
  }

  @Test(
    "a coupon is free once all goods of its order came back, not before; a reversal after that changes nothing (M7)"
  )
  func allBack() async throws {
    try await CampaignsHarness.with(jobs: .all) { campaigns in
      let member = try await campaigns.loyalty.openAccount()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let first = try await campaigns.reserve(.sample(member, [coupon]))
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: first))
      func back(_ minorUnits: Int64?) async throws {
        _ = try await campaigns.loyalty.client.postReturn(
          .init(
            requestID: campaigns.ids.next().text,
            key: .orderID(first.orderID),
            storeID: "store-2",
            lines: [.init(line: 0, amount: minorUnits.map { .cny($0) })],
            reason: "wrong size"
          )
        )
      }
      try await back(9_999)
      _ = try await events(3, of: campaigns)
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.redeemed])
      try await back(nil)
      _ = try await events(4, of: campaigns)
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.issued])
      let second = try await campaigns.reserve(.sample(member, [coupon]))
      _ = try await campaigns.loyalty.client.reverseOrder(.sample(of: first.orderID))
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: second))
      _ = try await events(5, of: campaigns)
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.redeemed])
    }
  }

  @Test("events that come again, or after the reservation was settled otherwise, change nothing (C1)")
  func repeats() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let member = try await campaigns.loyalty.openAccount()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let reservation = try await campaigns.reserve(.sample(member, [coupon]))
      let order = try await campaigns.loyalty.client.postOrder(.sample(of: reservation)).order
      let posted = LoyaltyV1.LoyaltyEvent(kind: .orderPosted(LoyaltyV1.OrderPosted(order: order)))
      let reversed = LoyaltyV1.LoyaltyEvent(kind: .orderReversed(LoyaltyV1.OrderReversed(order: order)))
      let follower = LedgerFollower(settlement: campaigns.settlement)
      for batch in [[posted], [posted, posted], [posted, reversed, reversed], [posted]] {
        try await campaigns.database.transaction { try await follower.apply(batch, in: $0) }
      }
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.issued])
      let events = try await events(4, of: campaigns)
      #expect(events.count == 4)
    }
  }

  @Test("orders without coupons, and reservations that are not known here, are passed over (C1)")
  func passesOver() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let unknown = LoyaltyV1.Order(reservationID: UUID().text)
      let follower = LedgerFollower(settlement: campaigns.settlement)
      let events = [
        LoyaltyV1.LoyaltyEvent(kind: .orderPosted(LoyaltyV1.OrderPosted(order: LoyaltyV1.Order()))),
        LoyaltyV1.LoyaltyEvent(kind: .orderPosted(LoyaltyV1.OrderPosted(order: unknown))),
        LoyaltyV1.LoyaltyEvent(kind: .programmeUpdated(LoyaltyV1.ProgrammeUpdated())), LoyaltyV1.LoyaltyEvent(),
      ]
      try await campaigns.database.transaction { try await follower.apply(events, in: $0) }
    }
  }
}
