/// Everything that a replay asks of the suite, worked out from the journey alone: the same journey gives the same
/// requests, byte for byte, whatever was replayed before.
package struct ReplayPlan: Sendable {
  /// The stores' clock: transaction times are UTC, and a redemption's day begins five hours later.
  static let utcOffsetHours = -5

  /// The currency of every receipt.
  static let currencyCode = "USD"

  /// The system under whose name households are known as members.
  static let externalSource = "complete-journey"

  /// Which receipts the plan holds.
  package var period: ReplayPeriod

  /// One coupon template per campaign, by the campaigns' numbers.
  var templates: [PlannedTemplate]

  /// Those with the most receipts first, so that the longest one does not start last.
  var households: [PlannedHousehold]

  /// How many households there are.
  package var householdCount: Int { households.count }

  /// How many receipts there are.
  package var receiptCount: Int { households.reduce(0) { $0 + $1.receipts.count } }

  /// How many coupons are issued.
  var couponCount: Int { households.reduce(0) { $0 + $1.coupons.count } }

  /// How many coupons the receipts redeem.
  var redemptionCount: Int {
    households.reduce(0) { $0 + $1.receipts.reduce(0) { $0 + $1.coupons.count } }
  }

  /// What the households pay in all, in cents.
  var paidCents: Int64 { households.reduce(0) { $0 + $1.paidCents } }

  /// Plans the receipts of `period`, with the members, templates and coupons that they need.
  package init(_ journey: Journey, period: ReplayPeriod) {
    let campaigns = journey.campaigns.values.filter(period.touches).sorted { $0.number < $1.number }
    let assignment = CouponAssignment(journey)
    let baskets = Dictionary(grouping: journey.baskets, by: \.household)

    self.period = period
    templates = campaigns.map(PlannedTemplate.init)
    households = baskets.compactMap { number, baskets in
      let planned = PlannedHousehold(
        number,
        baskets: baskets.filter { period.contains($0.occurredAt) },
        campaigns: campaigns,
        assignment: assignment,
        journey: journey
      )
      return planned.receipts.isEmpty ? nil : planned
    }
    .sorted { ($1.receipts.count, $0.number) < ($0.receipts.count, $1.number) }
  }
}
