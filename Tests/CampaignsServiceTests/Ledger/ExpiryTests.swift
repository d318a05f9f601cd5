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

@Suite("Reservations that ran out, after asking the ledger (M11)")
struct ExpiryTests {
  private func reserved(
    _ campaigns: CampaignsHarness
  ) async throws -> (member: UUID, coupon: CampaignsV1.Coupon, reservation: CampaignsV1.Reservation) {
    let member = try await campaigns.loyalty.openAccount()
    let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
    return (member, coupon, try await campaigns.reserve(.sample(member, [coupon])))
  }

  private func status(
    _ reservation: CampaignsV1.Reservation,
    _ campaigns: CampaignsHarness
  ) async throws -> CampaignsV1.ReservationStatus? {
    try await campaigns.client.getReservation(.init(reservationID: reservation.reservationID)).reservation?.status
  }

  @Test("the order was never posted: released, and the ledger posts no order with it any more (M11)")
  func released() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let (member, _, reservation) = try await reserved(campaigns)
      campaigns.clock.advance(by: .seconds(121))
      try await campaigns.settlement.settleDue(batchSize: 10)
      #expect(try await status(reservation, campaigns) == .released)
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.issued])
      await expectReason("RESERVATION_VOIDED") {
        try await campaigns.loyalty.client.postOrder(.sample(of: reservation))
      }
    }
  }

  @Test("the order was posted: redeemed, although no event had arrived (M11)")
  func redeemed() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let (member, _, reservation) = try await reserved(campaigns)
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: reservation))
      campaigns.clock.advance(by: .seconds(121))
      try await campaigns.settlement.settleDue(batchSize: 10)
      #expect(try await status(reservation, campaigns) == .redeemed)
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.redeemed])
    }
  }

  @Test("a reservation that lives, or was prolonged, is left alone (M11)")
  func alive() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let member = try await campaigns.loyalty.openAccount()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let request = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon])
      let reservation = try await campaigns.reserve(request)
      campaigns.clock.advance(by: .seconds(119))
      try await campaigns.settlement.settleDue(batchSize: 10)
      #expect(try await status(reservation, campaigns) == .active)
      _ = try await campaigns.reserve(request)
      campaigns.clock.advance(by: .seconds(119))
      try await campaigns.settlement.settleDue(batchSize: 10)
      #expect(try await status(reservation, campaigns) == .active)
    }
  }

  @Test("a coupon whose reservation ran out is free for the next order, even before the job comes (M11)")
  func freeAtOnce() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let (member, coupon, first) = try await reserved(campaigns)
      await expectReason("COUPON_NOT_AVAILABLE") { try await campaigns.reserve(.sample(member, [coupon])) }
      campaigns.clock.advance(by: .seconds(121))
      let second = try await campaigns.reserve(.sample(member, [coupon]))
      #expect(second.reservationID != first.reservationID)
      #expect(try await status(first, campaigns) == .released)
    }
  }

  @Test("the same order coming back while its reservation is being settled gets another one, never a voided one (M11)")
  func comesBackWhileClosing() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let member = try await campaigns.loyalty.openAccount()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let request = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon])
      let first = try await campaigns.reserve(request)
      // As if the job had died between marking the reservation and storing the ledger's fact.
      let reservationID = try #require(UUID(uuidString: first.reservationID))
      try await campaigns.settlement.reservations.close(reservationID, dueAt: campaigns.clock.now + 30)
      _ = try await campaigns.settlement.ledger.settle(reservationID)

      let second = try await campaigns.reserve(request)
      #expect(second.reservationID != first.reservationID)
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: second))
    }
  }

  @Test("a settlement that died half-way is taken up again (M11)")
  func takesUpAgain() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let (_, _, reservation) = try await reserved(campaigns)
      campaigns.clock.advance(by: .seconds(121))
      let now = campaigns.clock.now
      let claimed = try await campaigns.settlement.reservations.claimDue(
        now: now,
        retry: Backoff(first: .seconds(30), maximum: .seconds(60)),
        limit: 10
      )
      #expect(claimed.map(\.status) == [.closing])
      try await campaigns.settlement.settleDue(batchSize: 10)
      #expect(try await status(reservation, campaigns) == .active)
      campaigns.clock.advance(by: .seconds(31))
      try await campaigns.settlement.settleDue(batchSize: 10)
      #expect(try await status(reservation, campaigns) == .released)
    }
  }

  @Test("several copies of the service claim each reservation once (M11)")
  func claimsOnce() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let member = UUID()
      let template = try await campaigns.create(.amountOff(500))
      for _ in 0..<20 {
        _ = try await campaigns.reserve(.sample(member, [campaigns.issue(template, to: member)]))
      }
      campaigns.clock.advance(by: .seconds(121))
      let now = campaigns.clock.now
      let claimed = try await atOnce(8) { _ in
        try await campaigns.settlement.reservations.claimDue(
          now: now,
          retry: Backoff(first: .seconds(30), maximum: .seconds(60)),
          limit: 5
        )
      }
      let ids = claimed.flatMap { $0.map(\.reservationID) }
      #expect(ids.count == 20)
      #expect(Set(ids).count == 20)
    }
  }

  @Test("a reservation that cannot be settled blocks no other, and waits longer each time (M11)")
  func oneFails() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let (_, _, failing) = try await reserved(campaigns)
      campaigns.clock.advance(by: .seconds(1))
      let (_, _, other) = try await reserved(campaigns)
      let ledger = campaigns.loyalty.database
      try await ledger.transaction { transaction in
        try await transaction.executeScript(
          """
          CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = 'check_violation'; END $$;
          CREATE TRIGGER refuse_one BEFORE INSERT ON reservation_outcome FOR EACH ROW
            WHEN (NEW.reservation_id = '\(failing.reservationID)') EXECUTE FUNCTION refuse_one();
          """
        )
      }
      func settle(after seconds: Int64) async throws -> [CampaignsV1.ReservationStatus?] {
        campaigns.clock.advance(by: .seconds(seconds))
        try await campaigns.settlement.settleDue(batchSize: 10)
        return [try await status(failing, campaigns), try await status(other, campaigns)]
      }
      #expect(try await settle(after: 121) == [.active, .released])
      #expect(try await settle(after: 31) == [.active, .released])
      try await ledger.execute("DROP TRIGGER refuse_one ON reservation_outcome")
      // The ledger was asked twice: the second wait is twice as long.
      #expect(try await settle(after: 59) == [.active, .released])
      #expect(try await settle(after: 2) == [.released, .released])
    }
  }

  @Test("the job settles what is due, however much it is (M11)")
  func settlesAll() async throws {
    try await CampaignsHarness.with(jobs: .none) { campaigns in
      let member = UUID()
      let template = try await campaigns.create(.amountOff(500))
      for _ in 0..<12 {
        _ = try await campaigns.reserve(.sample(member, [campaigns.issue(template, to: member)]))
      }
      campaigns.clock.advance(by: .seconds(121))
      try await campaigns.settlement.settleDue(batchSize: 5)
      #expect(try await campaigns.coupons(of: member, .issued).count == 12)
    }
  }
}
