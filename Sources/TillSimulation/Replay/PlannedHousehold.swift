import Basics

/// What one household does in a replay: it becomes a member, gets its coupons, and shops.
struct PlannedHousehold: Hashable, Sendable {
  /// The household's number.
  var number: Int
  /// The request id under which it is registered.
  var requestID: String
  /// The number on its card.
  var cardNumber: String
  /// The store of its first receipt in the year, which registers it.
  var store: Int
  /// What the survey says of it.
  var attributes: [String: String]
  /// The coupons that it is issued.
  var coupons: [PlannedCoupon]
  /// Its receipts, in the order of time.
  var receipts: [PlannedReceipt]

  /// What it pays in all, in cents.
  var paidCents: Int64 { receipts.reduce(0) { $0 + $1.paidCents } }

  /// Plans `baskets` of one household, with its coupons of `campaigns`.
  init(
    _ number: Int,
    baskets: [Journey.Basket],
    campaigns: [Journey.Campaign],
    assignment: CouponAssignment,
    journey: Journey
  ) {
    let sent = Set(journey.campaignsSent[number] ?? [])
    let coupons = campaigns.filter { sent.contains($0.number) }.flatMap { campaign in
      (0..<assignment.issuedCount(household: number, campaign: campaign.number)).map {
        PlannedCoupon(household: number, campaign: campaign, ordinal: $0)
      }
    }
    self.number = number
    requestID = DerivedIdentifier.text(at: Self.registeredAt, name: "household/\(number)")
    cardNumber = Self.cardNumber(number)
    store = journey.firstStores[number] ?? 0
    attributes = journey.demographics[number] ?? [:]
    self.coupons = coupons
    receipts = baskets.map { basket in
      let redeemed = assignment.coupons(of: basket).compactMap { coupon in
        coupons.firstIndex { $0.campaign == coupon.campaign && $0.ordinal == coupon.ordinal }
      }
      return PlannedReceipt(
        basket,
        coupons: redeemed.map { (place: $0, coupon: coupons[$0]) },
        products: journey.products
      )
    }
  }

  /// Every household is registered before the first receipt of the year.
  static let registeredAt = Instant(
    startOf: Day(CivilDate(year: 2017, month: 1, day: 1)),
    offsetHours: ReplayPlan.utcOffsetHours
  )

  /// The number on a household's card: "CJ0000906".
  static func cardNumber(_ household: Int) -> String {
    let digits = String(household)
    return "CJ" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
  }
}

/// One coupon that a household is issued.
struct PlannedCoupon: Hashable, Sendable {
  /// The campaign's number.
  var campaign: Int
  /// Which of the household's coupons of that campaign it is, from 0.
  var ordinal: Int
  /// The request id under which it is issued.
  var requestID: String
  /// When the household got it: as its campaign began.
  var issuedAt: Instant
  /// What it takes off, in cents.
  var amountOffCents: Int64

  init(household: Int, campaign: Journey.Campaign, ordinal: Int) {
    self.campaign = campaign.number
    self.ordinal = ordinal
    issuedAt = Instant(startOf: campaign.firstDay, offsetHours: ReplayPlan.utcOffsetHours)
    requestID = DerivedIdentifier.text(
      at: issuedAt,
      name: "coupon/\(household)/\(campaign.number)/\(ordinal)"
    )
    amountOffCents = PlannedTemplate.amountOffCents(type: campaign.type)
  }
}
