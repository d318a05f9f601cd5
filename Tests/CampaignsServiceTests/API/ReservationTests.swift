import Basics
import CampaignsProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("Redeeming and releasing a reservation (M11)")
struct ReservationTests {
  /// Makes a member with an account, and a reservation of one coupon.
  private func reserved(
    _ campaigns: CampaignsHarness
  ) async throws -> (member: UUID, reservation: CampaignsV1.Reservation) {
    let member = try await campaigns.loyalty.openAccount()
    let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
    return (member, try await campaigns.reserve(.sample(member, [coupon])))
  }

  @Test("redeems once the order is posted; redeeming twice changes nothing (C1)")
  func redeems() async throws {
    try await CampaignsHarness.with { campaigns in
      let (member, reservation) = try await reserved(campaigns)
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: reservation))
      for _ in 0..<2 {
        let response = try await campaigns.client.redeemReservation(.init(reservationID: reservation.reservationID))
        #expect(response.reservation?.status == .redeemed)
      }
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.redeemed])
    }
  }

  @Test("does not redeem while the ledger knows no order, and asking does not void the reservation (M11)")
  func redeemsOnlyPosted() async throws {
    try await CampaignsHarness.with { campaigns in
      let (_, reservation) = try await reserved(campaigns)
      let error = await expectReason("ORDER_NOT_POSTED") {
        try await campaigns.client.redeemReservation(.init(reservationID: reservation.reservationID))
      }
      #expect(error?.code == .failedPrecondition)
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: reservation))
    }
  }

  @Test("an order posted under the id with another reservation does not redeem this one (M11)")
  func redeemsOnlyItsOwn() async throws {
    try await CampaignsHarness.with { campaigns in
      let (_, first) = try await reserved(campaigns)
      _ = try await campaigns.client.releaseReservation(.init(reservationID: first.reservationID))
      var request = LoyaltyV1.PostOrderRequest.sample(of: first)
      request.reservationID = UUID().text
      _ = try await campaigns.loyalty.client.postOrder(request)
      await expectReason("ORDER_NOT_POSTED") {
        try await campaigns.client.redeemReservation(.init(reservationID: first.reservationID))
      }
    }
  }

  @Test("releases at once; then the ledger posts no order with it, and releasing twice changes nothing (M11)")
  func releases() async throws {
    try await CampaignsHarness.with { campaigns in
      let (member, reservation) = try await reserved(campaigns)
      for _ in 0..<2 {
        let response = try await campaigns.client.releaseReservation(.init(reservationID: reservation.reservationID))
        #expect(response.reservation?.status == .released)
      }
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.issued])
      await expectReason("RESERVATION_VOIDED") {
        try await campaigns.loyalty.client.postOrder(.sample(of: reservation))
      }
    }
  }

  @Test("is not released once the order is posted; the coupons are used up instead (M11)")
  func releasesOnlyUnposted() async throws {
    try await CampaignsHarness.with { campaigns in
      let (member, reservation) = try await reserved(campaigns)
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: reservation))
      let error = await expectReason("ORDER_POSTED") {
        try await campaigns.client.releaseReservation(.init(reservationID: reservation.reservationID))
      }
      #expect(error?.code == .failedPrecondition)
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.redeemed])
    }
  }

  @Test("a posting and a release racing: either the order stands or the coupons are free, never both (M10)")
  func racing() async throws {
    try await CampaignsHarness.with { campaigns in
      for _ in 0..<15 {
        let (member, reservation) = try await reserved(campaigns)
        async let release: Bool = {
          do {
            _ = try await campaigns.client.releaseReservation(.init(reservationID: reservation.reservationID))
            return true
          } catch let error as RPCError where error.info?.reason == "ORDER_POSTED" {
            return false
          }
        }()
        let isPosted: Bool
        do {
          _ = try await campaigns.loyalty.client.postOrder(.sample(of: reservation))
          isPosted = true
        } catch let error as RPCError where error.info?.reason == "RESERVATION_VOIDED" {
          isPosted = false
        }
        #expect(try await release == !isPosted)
        #expect(try await campaigns.coupons(of: member).map(\.status) == [isPosted ? .redeemed : .issued])
      }
    }
  }

  @Test("shows a reservation; one that is not known is distinguished (M11)")
  func shows() async throws {
    try await CampaignsHarness.with { campaigns in
      let (_, reservation) = try await reserved(campaigns)
      let shown = try await campaigns.client.getReservation(.init(reservationID: reservation.reservationID))
      #expect(shown.reservation == reservation)
      let unknown = UUID().text
      await expectReason("RESERVATION_NOT_FOUND") {
        try await campaigns.client.getReservation(.init(reservationID: unknown))
      }
      await expectReason("RESERVATION_NOT_FOUND") {
        try await campaigns.client.redeemReservation(.init(reservationID: unknown))
      }
      await expectReason("RESERVATION_NOT_FOUND") {
        try await campaigns.client.releaseReservation(.init(reservationID: unknown))
      }
    }
  }
}
