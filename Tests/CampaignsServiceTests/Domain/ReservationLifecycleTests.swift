import LoyaltyTestSupport
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("The life of a reservation (M11)")
struct ReservationLifecycleTests {
  @Test(
    "asking again for the same order (M11)",
    arguments: [
      (ReservationStatus.active, ReservationLifecycle.RepeatAction.prolong), (.closing, .settleFirst),
      (.redeemed, .answerAgain), (.released, .reserveAnew), (.returned, .answerAgain),
    ]
  )
  func reserveAgain(status: ReservationStatus, action: ReservationLifecycle.RepeatAction) {
    #expect(ReservationLifecycle(status).reserveAgain() == action)
  }

  @Test(
    "wanting the coupons back asks the ledger, unless it has already decided (M11)",
    arguments: [
      (ReservationStatus.active, ReservationLifecycle.CloseAction.askLedger, ReservationStatus.closing),
      (.closing, .askLedger, .closing), (.redeemed, .alreadyPosted, .redeemed),
      (.released, .alreadyReleased, .released), (.returned, .alreadyPosted, .returned),
    ]
  )
  func close(status: ReservationStatus, action: ReservationLifecycle.CloseAction, next: ReservationStatus) {
    var lifecycle = ReservationLifecycle(status)
    #expect(lifecycle.close() == action)
    #expect(lifecycle.status == next)
  }

  @Test("an order posted with it uses the coupons up (M11)", arguments: [ReservationStatus.active, .closing])
  func posted(status: ReservationStatus) {
    var lifecycle = ReservationLifecycle(status)
    #expect(lifecycle.apply(.posted) == .redeem)
    #expect(lifecycle.status == .redeemed)
  }

  @Test("a voided reservation frees its coupons (M11)", arguments: [ReservationStatus.active, .closing])
  func voided(status: ReservationStatus) {
    var lifecycle = ReservationLifecycle(status)
    #expect(lifecycle.apply(.voided) == .free)
    #expect(lifecycle.status == .released)
  }

  @Test("a reversed order frees its coupons (M7)", arguments: [ReservationStatus.active, .closing, .redeemed])
  func reversed(status: ReservationStatus) {
    var lifecycle = ReservationLifecycle(status)
    #expect(lifecycle.apply(.reversed) == .free)
    #expect(lifecycle.status == .returned)
  }

  @Test("a ledger that contradicts itself changes nothing and raises the alarm")
  func contradictions() {
    for (status, fact) in [
      (.redeemed, .voided), (.returned, .voided), (.released, .posted), (.released, .reversed),
    ] as [(ReservationStatus, ReservationLifecycle.LedgerFact)] {
      var lifecycle = ReservationLifecycle(status)
      #expect(lifecycle.apply(fact) == .contradiction)
      #expect(lifecycle.status == status)
    }
  }

  @Test("a repeated fact changes nothing (M6)")
  func repeats() {
    for status in ReservationStatus.allCases {
      for fact in ReservationLifecycle.LedgerFact.allCases {
        var lifecycle = ReservationLifecycle(status)
        let first = lifecycle.apply(fact)
        let settled = lifecycle
        let second = lifecycle.apply(fact)
        #expect(lifecycle == settled)
        #expect(second == (first == .contradiction ? .contradiction : .none))
      }
    }
  }

  @Test("property: coupons are announced used up at most once, and never held again once settled (M11)")
  func walks() {
    let seed = PropertySeed("reservation walks")
    var random = seed.random
    for _ in 0..<2_000 {
      var lifecycle = ReservationLifecycle(.active)
      var redemptions = 0
      for _ in 0..<12 {
        let wasSettled = ![.active, .closing].contains(lifecycle.status)
        if Bool.random(using: &random) {
          _ = lifecycle.close()
        } else if let fact = ReservationLifecycle.LedgerFact.allCases.randomElement(using: &random) {
          if lifecycle.apply(fact) == .redeem { redemptions += 1 }
        }
        if wasSettled { #expect(![.active, .closing].contains(lifecycle.status), "\(seed)") }
      }
      #expect(redemptions <= 1, "\(seed)")
    }
  }

  @Test(
    "a coupon's status follows from its reservation (C1)",
    arguments: [
      (nil, .issued), (.active, .reserved), (.closing, .reserved), (.redeemed, .redeemed), (.released, .issued),
      (.returned, .issued),
    ] as [(ReservationStatus?, CouponStatus)]
  )
  func couponStatus(reservation: ReservationStatus?, coupon: CouponStatus) {
    #expect(CouponStatus(reservation: reservation) == coupon)
  }
}
