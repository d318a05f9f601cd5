import Basics
import CampaignsProto
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import RPC
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("ReserveCoupons (M11)")
struct ReserveCouponsTests {
  @Test("returns each coupon's discount, in the requested order (C1)")
  func reserves() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let share = try await campaigns.issue(campaigns.create(.percentOff(1_000)), to: member)
      let amount = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let reservation = try await campaigns.reserve(.sample(member, [share, amount], gross: 2_000))
      #expect(reservation.discounts.map(\.couponID) == [share.couponID, amount.couponID])
      #expect(reservation.discounts.map(\.discount) == [.cny(200), .cny(500)])
      #expect(reservation.status == .active)
      #expect(reservation.expiresAt?.date == campaigns.clock.now + 120)
      #expect(try await campaigns.coupons(of: member).map(\.status) == [.reserved, .reserved])
      #expect(try await campaigns.coupons(of: member).map(\.orderID) == [reservation.orderID, reservation.orderID])
    }
  }

  @Test("a coupon that another order holds is refused, and of several none is held then (M11)")
  func allOrNone() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let template = try await campaigns.create(.amountOff(500))
      let (free, held) = (
        try await campaigns.issue(template, to: member), try await campaigns.issue(template, to: member)
      )
      _ = try await campaigns.reserve(.sample(member, [held]))
      let error = await expectReason("COUPON_NOT_AVAILABLE") {
        try await campaigns.reserve(.sample(member, [free, held]))
      }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.info?.metadata["coupon_id"] == held.couponID)
      #expect(try await campaigns.coupons(of: member, .issued) == [free])
    }
  }

  @Test("a refusal names the coupon, the rule and how far off the order was (M19)")
  func refuses() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      func refusal(_ template: CampaignsV1.CouponTemplate, after wait: Int64 = 0) async throws -> RPCError? {
        let coupon = try await campaigns.issue(campaigns.create(template), to: member)
        var order = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon], gross: 1_000)
        order.occurredAt?.seconds += wait
        let asked = order
        return await #expect(throws: RPCError.self) { try await campaigns.reserve(asked) }
      }
      let threshold = try await refusal(.amountOff(500, threshold: 5_000))
      #expect(threshold?.info?.reason == "THRESHOLD_NOT_REACHED")
      #expect(threshold?.info?.metadata["missing_minor_units"] == "4000")

      var early = CampaignsV1.CouponTemplate.amountOff(500)
      early.validFrom = GoogleProtobuf.Timestamp(seconds: 1_700_000_001)
      #expect(try await refusal(early)?.info?.reason == "COUPON_NOT_YET_VALID")

      var late = CampaignsV1.CouponTemplate.amountOff(500)
      late.validBefore = GoogleProtobuf.Timestamp(seconds: 1_700_000_001)
      #expect(try await refusal(late, after: 1)?.info?.reason == "COUPON_EXPIRED")

      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      var foreign = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon])
      foreign.gross?.currencyCode = "USD"
      let mismatch = await #expect(throws: RPCError.self) { _ = try await campaigns.reserve(foreign) }
      #expect(mismatch?.code == .invalidArgument)
      #expect(mismatch?.info?.reason == "CURRENCY_MISMATCH")
      #expect(mismatch?.fieldViolations.map(\.field) == ["coupon_ids[0]"])
    }
  }

  @Test("a coupon is not usable before its issue; another system's coupon brings its issue with it (C1)")
  func beforeItsIssue() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let template = try await campaigns.create(.amountOff(500))
      let issued = try await campaigns.issue(template, to: member)
      var sale = CampaignsV1.ReserveCouponsRequest.sample(member, [issued])
      sale.occurredAt = GoogleProtobuf.Timestamp(date: campaigns.clock.now - 301)
      let early = sale
      let refusal = await expectReason("COUPON_NOT_YET_ISSUED") { try await campaigns.reserve(early) }
      #expect(refusal?.code == .failedPrecondition)
      var request = CampaignsV1.IssueCouponRequest(
        requestID: campaigns.ids.next().text,
        memberID: member.text,
        templateID: template.templateID,
        issuedAt: GoogleProtobuf.Timestamp(date: campaigns.clock.now - 86_400)
      )
      let brought = try await campaigns.client.issueCoupon(request).coupon
      #expect(brought?.issuedAt == request.issuedAt)
      sale.orderID = campaigns.ids.next().text
      sale.couponIDs = [brought?.couponID ?? ""]
      #expect(try await campaigns.reserve(sale).discounts.count == 1)
      request.requestID = campaigns.ids.next().text
      request.issuedAt = GoogleProtobuf.Timestamp(date: campaigns.clock.now + 1)
      let future = request
      await expectReason("IN_FUTURE") { try await campaigns.client.issueCoupon(future) }
    }
  }

  @Test(
    "a coupon that would take nothing off stays with the member, and the answer names it, also when asked again (C1)"
  )
  func unused() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let template = try await campaigns.create(.amountOff(500))
      let (first, second) = (
        try await campaigns.issue(template, to: member), try await campaigns.issue(template, to: member)
      )
      let request = CampaignsV1.ReserveCouponsRequest.sample(member, [first, second], gross: 400)
      let answer = try await campaigns.client.reserveCoupons(request)
      #expect(answer.reservation?.discounts.map(\.couponID) == [first.couponID])
      #expect(answer.unusedCouponIDs == [second.couponID])
      #expect(try await campaigns.coupons(of: member, .issued) == [second])
      _ = try await campaigns.reserve(.sample(member, [second]))
      #expect(try await campaigns.client.reserveCoupons(request).unusedCouponIDs == [second.couponID])
      let empty = CampaignsV1.ReserveCouponsRequest.sample(member, [second], gross: 0)
      await expectReason("COUPON_WITHOUT_EFFECT") { try await campaigns.reserve(empty) }
    }
  }

  @Test("another member's coupon is refused like one that does not exist (C1)")
  func othersCoupon() async throws {
    try await CampaignsHarness.with { campaigns in
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: UUID())
      let others = await expectReason("COUPON_NOT_AVAILABLE") { try await campaigns.reserve(.sample(UUID(), [coupon])) }
      let unknown = await expectReason("COUPON_NOT_AVAILABLE") {
        try await campaigns.reserve(.sample(UUID(), [CampaignsV1.Coupon(couponID: UUID().text)]))
      }
      #expect(others?.info?.metadata["status"] == unknown?.info?.metadata["status"])
    }
  }

  @Test("asking again for the same order prolongs the same reservation with the same discounts (M11)")
  func prolongs() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let coupon = try await campaigns.issue(campaigns.create(.percentOff(1_000)), to: member)
      let request = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon])
      let first = try await campaigns.reserve(request)
      campaigns.clock.advance(by: .seconds(60))
      let second = try await campaigns.reserve(request)
      #expect(second.reservationID == first.reservationID)
      #expect(second.discounts == first.discounts)
      #expect(second.expiresAt?.date == campaigns.clock.now + 120)
    }
  }

  @Test("another order under the same id is refused; how long to hold may differ (M6)")
  func reuse() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      var request = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon])
      let first = try await campaigns.reserve(request)
      request.timeToLive = GoogleProtobuf.Duration(seconds: 600)
      #expect(try await campaigns.reserve(request).reservationID == first.reservationID)
      request.gross = .cny(1)
      await expectReason("REQUEST_ID_REUSED") { try await campaigns.reserve(request) }
    }
  }

  @Test("after a release the same order gets its coupons again, under another reservation (M11)")
  func afterRelease() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let request = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon])
      let first = try await campaigns.reserve(request)
      _ = try await campaigns.client.releaseReservation(.init(reservationID: first.reservationID))
      let second = try await campaigns.reserve(request)
      #expect(second.reservationID != first.reservationID)
      #expect(second.discounts == first.discounts)
      #expect(try await campaigns.coupons(of: member, .reserved).count == 1)
    }
  }

  @Test("after the order was posted the same reservation comes again (M6)")
  func afterPosting() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = try await campaigns.loyalty.openAccount()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let request = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon])
      let first = try await campaigns.reserve(request)
      _ = try await campaigns.loyalty.client.postOrder(.sample(of: first))
      _ = try await campaigns.client.redeemReservation(.init(reservationID: first.reservationID))
      let again = try await campaigns.reserve(request)
      #expect(again.reservationID == first.reservationID)
      #expect(again.discounts == first.discounts)
      #expect(again.status == .redeemed)
    }
  }

  @Test("twenty orders racing for one coupon: exactly one gets it (M10)")
  func oneCoupon() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let outcomes = try await atOnce(20) { _ in
        do {
          _ = try await campaigns.reserve(.sample(member, [coupon]))
          return ""
        } catch let error as RPCError {
          return error.info?.reason ?? "\(error)"
        }
      }
      #expect(outcomes.count { $0.isEmpty } == 1)
      #expect(outcomes.count { $0 == "COUPON_NOT_AVAILABLE" } == 19)
    }
  }

  @Test("one order asking twenty times at once gets one reservation (M6)")
  func oneOrder() async throws {
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let coupon = try await campaigns.issue(campaigns.create(.amountOff(500)), to: member)
      let request = CampaignsV1.ReserveCouponsRequest.sample(member, [coupon])
      let reservations = try await atOnce(20) { _ in try await campaigns.reserve(request) }
      #expect(Set(reservations.map(\.reservationID)).count == 1)
    }
  }

  @Test("orders racing for overlapping coupons in any order: none waits for ever, and no coupon is held twice (M10)")
  func overlapping() async throws {
    let seed = PropertySeed("overlapping coupons")
    try await CampaignsHarness.with { campaigns in
      let member = UUID()
      let template = try await campaigns.create(.amountOff(500))
      for _ in 0..<5 {
        var coupons: [CampaignsV1.Coupon] = []
        for _ in 0..<4 { coupons.append(try await campaigns.issue(template, to: member)) }
        let issued = coupons
        let won = try await atOnce(12) { worker in
          var random = RandomSource.seeded(seed.value &+ UInt64(worker))
          let wanted = issued.shuffled(using: &random).prefix(.random(in: 1...4, using: &random))
          do {
            return try await campaigns.reserve(.sample(member, Array(wanted))).discounts.map(\.couponID)
          } catch let error as RPCError {
            #expect(error.info?.reason == "COUPON_NOT_AVAILABLE", "\(seed) \(error)")
            return []
          }
        }
        let held = won.flatMap(\.self)
        #expect(!held.isEmpty, "\(seed)")
        #expect(Set(held).count == held.count, "\(seed)")
      }
    }
  }

  @Test("every field that is wrong is named (M19)")
  func validates() {
    func reasons(_ change: (inout CampaignsV1.ReserveCouponsRequest) -> Void) -> [String: String] {
      var request = CampaignsV1.ReserveCouponsRequest.sample(UUID(), [.init(couponID: UUID().text)])
      change(&request)
      do {
        _ = try ReserveCouponsCommand(
          request,
          defaultTimeToLive: .seconds(120),
          times: RequestTimes(.forTesting(), clock: .system)
        )
        return [:]
      } catch {
        let violations = (error as? RPCError)?.fieldViolations ?? []
        return Dictionary(violations.map { ($0.field, $0.reason) }) { first, _ in first }
      }
    }
    #expect(reasons { _ in } == [:])
    #expect(reasons { $0.orderID = UUID().text } == ["order_id": "NOT_UUIDV7"])
    #expect(reasons { $0.couponIDs = [] } == ["coupon_ids": "TOO_FEW"])
    #expect(reasons { $0.couponIDs += $0.couponIDs } == ["coupon_ids[1]": "REPEATED"])
    #expect(reasons { $0.gross = nil }["gross"] == "REQUIRED")
    #expect(reasons { $0.gross?.minorUnits = -1 } == ["gross.minor_units": "OUT_OF_RANGE"])
    #expect(reasons { $0.occurredAt = nil } == ["occurred_at": "REQUIRED"])
    #expect(reasons { $0.timeToLive = .init(seconds: 3_601) } == ["time_to_live": "OUT_OF_RANGE"])
    #expect(reasons { $0.timeToLive = .init(seconds: 60, nanos: -1) } == ["time_to_live": "NOT_DURATION"])
    #expect(reasons { $0.gross?.minorUnits = .max } == ["gross.minor_units": "OUT_OF_RANGE"])
    #expect(reasons { $0.memberID = UUID.zero.text } == ["member_id": "NIL_UUID"])
    #expect(reasons { $0.occurredAt = .init(seconds: -62_135_596_800) } == ["occurred_at": "TOO_OLD"])
  }
}
