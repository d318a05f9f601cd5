import Basics
import CampaignsProto
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import RPC
import ServiceKit
import Testing

@testable import CampaignsService

@Suite("Tills, the job and the clock racing over the same coupons (M10)")
struct CheckoutRaceTests {
  /// Reserves and posts like the gateway, and repeats under another reservation if the first was voided.
  private func checkOut(
    _ request: CampaignsV1.ReserveCouponsRequest,
    _ campaigns: CampaignsHarness
  ) async throws -> LoyaltyV1.Order? {
    for _ in 0..<2 {
      do {
        let reservation = try await campaigns.reserve(request)
        return try await campaigns.loyalty.client.postOrder(.sample(of: reservation)).order
      } catch let error as RPCError {
        switch error.info?.reason {
        case "RESERVATION_VOIDED": continue
        case "COUPON_NOT_AVAILABLE": return nil
        default: throw error
        }
      }
    }
    return nil
  }

  @Test("property: every coupon pays at most one order that stands, whatever runs out in between (M10)")
  func noCouponPaysTwice() async throws {
    let seed = PropertySeed("checkout races")
    try await CampaignsHarness.with(jobs: .follower) { campaigns in
      let member = try await campaigns.loyalty.openAccount()
      let template = try await campaigns.create(.amountOff(500))
      var issued: [CampaignsV1.Coupon] = []
      for _ in 0..<10 { issued.append(try await campaigns.issue(template, to: member)) }
      let coupons = issued
      let orders = try await atOnce(8) { worker in
        var random = RandomSource.seeded(seed.value &+ UInt64(worker))
        var standing: [LoyaltyV1.Order] = []
        for _ in 0..<8 {
          if Int.random(in: 0..<4, using: &random) == 0 {
            campaigns.clock.advance(by: .seconds(121))
            try await campaigns.settlement.settleDue(batchSize: 3)
          }
          let wanted = coupons.shuffled(using: &random).prefix(2)
          let request = CampaignsV1.ReserveCouponsRequest.sample(member, Array(wanted))
          guard let order = try await checkOut(request, campaigns) else { continue }
          if Bool.random(using: &random) {
            _ = try await campaigns.loyalty.client.reverseOrder(.sample(of: order.orderID))
          } else {
            standing.append(order)
          }
        }
        return standing
      }
      let used = orders.flatMap(\.self).flatMap { $0.couponDiscounts.map(\.couponID) }
      #expect(Set(used).count == used.count, "\(seed)")
      #expect(try await campaigns.loyalty.bookProblems() == [])
    }
  }
}
