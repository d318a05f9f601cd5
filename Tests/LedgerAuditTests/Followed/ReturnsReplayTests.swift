import Basics
import CampaignsProto
import CommonProto
import LoyaltyProto
import LoyaltyTestSupport
import MembersProto
import ServiceKit
import Synchronization
import Testing

@testable import LedgerAudit

@Suite("Sales and returns, as members and campaigns follow them", .timeLimit(.minutes(5)))
struct ReturnsReplayTests {
  /// Whether the shoppers have finished.
  private final class Flag: Sendable {
    let value = Atomic(false)
  }

  @Test("property: points, spend, counts and coupons equal the sum of all events, whatever stalls and repeats")
  func replay() async throws {
    let seed = PropertySeed("sales and returns, followed")
    try await FollowedSuite.with { suite in
      let template = try await prepare(suite)
      let isOver = Flag()
      let shoppers = try await withThrowingTaskGroup(of: Shopper?.self) { group in
        for number in 0..<4 {
          group.addTask {
            var shopper = Shopper(suite, seed, number: number)
            try await shopper.begin(with: template, coupons: 4)
            for _ in 0..<45 { try await shopper.act() }
            return shopper
          }
        }
        group.addTask {
          try await disturb(suite, seed, until: isOver)
          return nil
        }
        var shoppers: [Shopper] = []
        for try await shopper in group {
          if let shopper { shoppers.append(shopper) }
          if shoppers.count == 4 { isOver.value.store(true, ordering: .relaxed) }
        }
        return shoppers
      }
      try await suite.catchUp()
      for shopper in shoppers { try await check(shopper, suite, seed) }
      let report = try await suite.audit()
      #expect(report.findings == [], "\(seed)")
      let sales = Int64(shoppers.reduce(0) { $0 + $1.books.sales.count })
      #expect(report.purchases == .compared(purchases: sales, eventsUnderWay: 0), "\(seed)")
    }
  }

  /// Prepares a programme of a point for each yuan. A return may leave a debt, so points follow from the sales alone.
  private func prepare(_ suite: FollowedSuite) async throws -> CampaignsV1.CouponTemplate {
    var programme = try await suite.loyalty.getProgramme(.init()).programme ?? .init()
    programme.earnRule = LoyaltyV1.EarnRule(points: 1, perMinorUnits: 100, rounding: .down)
    programme.redeemRule = LoyaltyV1.RedeemRule(points: 100, minorUnits: 100)
    programme.returnRule?.policy = .negativeAllowed
    programme.returnRule?.lowestBalancePoints = -1_000_000_000_000
    _ = try await suite.loyalty.updateProgramme(
      .init(
        requestID: suite.id(),
        programme: programme,
        updateMask: GoogleProtobuf.FieldMask(paths: ["earn_rule", "redeem_rule", "return_rule"])
      )
    )
    let template = CampaignsV1.CouponTemplate(
      code: "FIVE-OFF",
      title: "满减券",
      benefit: .amountOff(CampaignsV1.AmountOff(amount: .cny(500)))
    )
    return try await suite.campaigns.createCouponTemplate(.init(requestID: suite.id(), template: template)).template
      ?? template
  }

  /// Stops and restarts one service's following, makes it apply everything again, and audits the result.
  private func disturb(_ suite: FollowedSuite, _ seed: PropertySeed, until isOver: Flag) async throws {
    var random = RandomSource.seeded(seed.value &- 1)
    while !isOver.value.load(ordering: .relaxed) {
      let service = Bool.random(using: &random) ? "members" : "campaigns"
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1, 2: suite.follow(service)
      case 3: await suite.stall(service)
      case 4:
        await suite.stall(service)
        try await suite.forget(service)
        suite.follow(service)
      default: #expect(try await suite.audit().findings == [], "\(seed)")
      }
      await Task.yield()
    }
  }

  private func check(_ shopper: Shopper, _ suite: FollowedSuite, _ seed: PropertySeed) async throws {
    let (member, books) = (shopper.memberID, shopper.books)
    #expect(try await suite.loyalty.getBalance(.init(memberID: member)).balance?.points == books.points, "\(seed)")
    var totals = try await suite.members.getPurchaseTotals(.init(memberID: member)).totals
    totals?.lastPurchaseAt = nil
    #expect(totals == books.totals, "\(seed)")
    let purchases = try await suite.members.listPurchases(.init(memberID: member, pageSize: 500)).purchases
    let numbers = purchases.map { ($0.orderID, $0.numbers) }
    #expect(Dictionary(uniqueKeysWithValues: numbers) == books.purchases, "\(seed)")
    let coupons = try await suite.campaigns.listCoupons(.init(memberID: member, pageSize: 500)).coupons
    #expect(coupons.count == books.couponIDs.count)
    #expect(Set(coupons.filter { $0.status == .redeemed }.map(\.couponID)) == books.usedCouponIDs, "\(seed)")
    #expect(coupons.allSatisfy { $0.status != .reserved }, "\(seed)")
  }
}
