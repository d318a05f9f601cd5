import Basics
import LocalSuite

/// The coupon template that stands for one campaign.
struct PlannedTemplate: Hashable, Sendable {
  /// The campaign's number.
  var campaign: Int
  /// The request id under which it is created.
  var requestID: String
  /// The chain's code of it: "CJ-18".
  var code: String
  /// What members see.
  var title: String
  /// What its coupons take off, in cents.
  var amountOffCents: Int64
  /// Its coupons count from this time on.
  var validFrom: Instant
  /// Its coupons count until just before this time.
  var validBefore: Instant

  init(_ campaign: Journey.Campaign) {
    self.campaign = campaign.number
    requestID = DerivedIdentifier.text(
      at: Instant(startOf: campaign.firstDay, offsetHours: ReplayPlan.utcOffsetHours),
      name: "template/\(campaign.number)"
    )
    code = "CJ-\(campaign.number)"
    amountOffCents = Self.amountOffCents(type: campaign.type)
    title = "Campaign \(campaign.number): \(Text.amount(amountOffCents, ReplayPlan.currencyCode)) off"
    validFrom = Instant(startOf: campaign.firstDay, offsetHours: ReplayPlan.utcOffsetHours)
    validBefore = Instant(startOf: campaign.lastDay + 1, offsetHours: ReplayPlan.utcOffsetHours)
  }

  /// What a coupon takes off, in cents. The record does not say; a campaign's type decides.
  static func amountOffCents(type: String) -> Int64 {
    switch type {
    case "Type A": 100
    case "Type B": 75
    default: 50
    }
  }
}
