import Basics

/// Which basket redeems which coupon. The record names a household, a campaign and a day, but no basket: the first basket
/// of that day takes as many coupons as an order may have, the next one the rest. Redemptions on a day without a basket
/// are left out: the journey is a sample of all receipts.
struct CouponAssignment: Sendable {
  /// How many coupons one order may use.
  static let couponsPerOrder = 20

  /// One coupon of a household: the campaign, and which of the household's coupons of that campaign it is, from 0.
  struct Coupon: Hashable, Sendable {
    var campaign: Int
    var ordinal: Int
  }

  private var redeemed: [Int: [Coupon]] = [:]
  private var issued: [Key: Int] = [:]

  private struct Key: Hashable {
    var household: Int
    var campaign: Int
  }

  private struct ShoppingDay: Hashable {
    var household: Int
    var day: Day
  }

  init(_ journey: Journey) {
    let baskets = Dictionary(grouping: journey.baskets) { basket in
      ShoppingDay(household: basket.household, day: basket.occurredAt.day(offsetHours: ReplayPlan.utcOffsetHours))
    }
    let redemptions = journey.redemptions.enumerated().sorted {
      ($0.element.day, $0.offset) < ($1.element.day, $1.offset)
    }
    for (_, redemption) in redemptions {
      let day = ShoppingDay(household: redemption.household, day: redemption.day)
      let basket = baskets[day]?.first { redeemed[$0.number, default: []].count < Self.couponsPerOrder }
      guard let basket else { continue }
      let key = Key(household: redemption.household, campaign: redemption.campaign)
      redeemed[basket.number, default: []].append(Coupon(campaign: key.campaign, ordinal: issued[key, default: 0]))
      issued[key, default: 0] += 1
    }
  }

  /// The coupons that a basket redeems, in the order of the record.
  func coupons(of basket: Journey.Basket) -> [Coupon] {
    redeemed[basket.number] ?? []
  }

  /// How many coupons of a campaign a household was sent: as many as it redeemed in the year, and at least one.
  func issuedCount(household: Int, campaign: Int) -> Int {
    max(1, issued[Key(household: household, campaign: campaign)] ?? 0)
  }
}
